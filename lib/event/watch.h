// SPDX-License-Identifier: Apache-2.0
// Waiting for a descriptor. A Watch is edge-triggered and stays registered, so a wait costs no
// system call of its own. Therefore: try the read or write first, and wait only after it said
// EAGAIN.
#pragma once

#include <coroutine>
#include <event2/event_struct.h>

#include "lib/event/timer.h"

namespace events {

class Watch {
public:
    // Does not own `fd`, which is non-blocking and stays open as long as the Watch.
    Watch(Loop& loop, int fd);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

    Loop& loop() const { return loop_; }
    int fd() const { return fd_; }

    // co_await watch.readable(deadline): true when there may be something to read (or an end or an
    // error), false when the deadline passed. One task at a time may wait in each direction.
    class Wait;
    Wait readable(base::Deadline deadline);
    Wait writable(base::Deadline deadline);

private:
    void begin(Wait& wait);
    void wake(Wait*& slot);
    void on_deadline();
    static void on_readable(int, short, void* self);
    static void on_writable(int, short, void* self);

    Loop& loop_;
    int fd_;
    Wait* reader_ = nullptr;
    Wait* writer_ = nullptr;
    bool read_registered_ = false;
    Timer timer_; // Armed lazily: it may fire early, for a wait that has long ended.
    struct ::event read_event_;
    struct ::event write_event_;
};

class Watch::Wait {
public:
    Wait(Watch& watch, Wait* Watch::*slot, base::Deadline deadline)
        : watch_(watch), slot_(slot), deadline_(deadline), ready_(watch.loop_)
    {
    }
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait()
    {
        if (watch_.*slot_ == this)
            watch_.*slot_ = nullptr;
    }

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle)
    {
        handle_ = handle;
        watch_.begin(*this);
    }
    bool await_resume() const { return !timed_out_; }

private:
    friend class Watch;
    Watch& watch_;
    Wait* Watch::*slot_;
    base::Deadline deadline_;
    std::coroutine_handle<> handle_;
    bool timed_out_ = false;
    Ready ready_;
};

inline Watch::Wait Watch::readable(base::Deadline deadline)
{
    return Wait{*this, &Watch::reader_, deadline};
}
inline Watch::Wait Watch::writable(base::Deadline deadline)
{
    return Wait{*this, &Watch::writer_, deadline};
}

} // namespace events
