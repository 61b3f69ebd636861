// SPDX-License-Identifier: Apache-2.0
// Looking whether a descriptor has input that somebody else reads: master looks at listening
// sockets whose clients its workers take. Level-triggered, unlike Watch.
#pragma once

#include <event2/event_struct.h>

#include "lib/event/loop.h"

namespace events {

// Calls `fire(context)` on every turn on which `fd` is readable, while switched on. Does not own
// `fd`. The call may switch off or destroy this.
class Input {
public:
    using Fire = void (*)(void* context);
    Input(Loop& loop, int fd, Fire fire, void* context);
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input();

    void watch(bool on);
    int fd() const { return fd_; }

private:
    static void on_event(int, short, void* self);
    int fd_;
    Fire fire_;
    void* context_;
    bool on_ = false;
    struct ::event event_;
};

} // namespace events
