// SPDX-License-Identifier: Apache-2.0
// UNIX signals as loop events.
#pragma once

#include <event2/event_struct.h>

#include "lib/event/loop.h"

namespace events {

// Calls `fire(context)` from the loop (not from a signal handler) for each burst of one signal.
class Signal {
public:
    using Fire = void (*)(void* context);
    Signal(Loop& loop, int number, Fire fire, void* context);
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;
    ~Signal();

private:
    static void on_event(int, short, void* self);
    Fire fire_;
    void* context_;
    struct ::event event_;
};

} // namespace events
