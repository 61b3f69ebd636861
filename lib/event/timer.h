// SPDX-License-Identifier: Apache-2.0
// Waiting for time: sleep() for tasks, Timer for callbacks.
#pragma once

#include <coroutine>
#include <event2/event_struct.h>

#include "lib/event/loop.h"

namespace events {

// Calls `fire(context)` once at an instant. Moving the instant is cheap. Destroying disarms.
class Timer {
public:
    using Fire = void (*)(void* context);
    Timer(Loop& loop, Fire fire, void* context);
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer();

    void arm(base::MonoTime when);
    void disarm();
    bool armed() const { return armed_; }
    base::MonoTime when() const { return when_; } // Meaningful while armed.

private:
    static void on_event(int, short, void* self);

    Loop& loop_;
    Fire fire_;
    void* context_;
    base::MonoTime when_{};
    bool armed_ = false;
    struct ::event event_;
};

// co_await sleep(loop, 5s)
class Sleep {
public:
    Sleep(Loop& loop, base::MonoTime until) : until_(until), timer_(loop, &Sleep::wake, this) {}
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle)
    {
        handle_ = handle;
        timer_.arm(until_);
    }
    void await_resume() const {}

private:
    static void wake(void* self) { static_cast<Sleep*>(self)->handle_.resume(); }

    base::MonoTime until_;
    std::coroutine_handle<> handle_;
    Timer timer_;
};
inline Sleep sleep(Loop& loop, base::Duration wait)
{
    return Sleep{loop, loop.now() + wait};
}
inline Sleep sleep_until(Loop& loop, base::MonoTime when)
{
    return Sleep{loop, when};
}

} // namespace events
