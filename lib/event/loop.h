// SPDX-License-Identifier: Apache-2.0
// The event loop of a daemon, on libevent. It resumes tasks: when a descriptor becomes ready
// (watch.h), when time has passed (timer.h), when another task calls (notice.h), when a helper
// thread is done (offload.h). One loop, one thread: nothing here is locked.
#pragma once

#include <coroutine>
#include <cstddef>

#include "lib/base/clock.h"

struct event_base;
struct event; // libevent; the reason why our namespace is called events.

namespace events {

class Loop;

// A coroutine that the loop resumes on its next turn. Taken off again when destroyed, so that a
// task that is cancelled meanwhile is never resumed.
class Ready {
public:
    explicit Ready(Loop& loop) : loop_(loop) {}
    Ready(const Ready&) = delete;
    Ready& operator=(const Ready&) = delete;
    ~Ready() { withdraw(); }

    void post(std::coroutine_handle<> handle);
    void withdraw();
    bool posted() const { return posted_; }

private:
    friend class Loop;
    Loop& loop_;
    std::coroutine_handle<> handle_;
    Ready* next_ = nullptr;
    Ready* previous_ = nullptr;
    bool posted_ = false;
};

class Loop {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Serves events until stop(). Returns at once when nothing is left that could happen.
    void run();
    void stop();

    // One turn that waits at most `longest`; for tests and for programs with work of their own.
    void turn(base::Duration longest);

    const base::Clock& clock() const { return clock_; }
    base::MonoTime now() const { return clock_.mono(); }
    event_base* raw() { return base_; }

    // How often the loop came back; a watchdog looks whether it moves.
    unsigned long turns() const { return turns_; }

private:
    friend class Ready;
    void run_ready();
    bool step();

    event_base* base_ = nullptr;
    ::event* turn_event_ = nullptr; // Ends a turn() in which nothing else happened.
    Ready* first_ = nullptr;
    Ready* last_ = nullptr;
    std::size_t waiting_ = 0;
    bool stopping_ = false;
    unsigned long turns_ = 0;
    base::SystemClock clock_;
};

// co_await yield(loop): lets everybody else have a turn first.
class Yield {
public:
    explicit Yield(Loop& loop) : ready_(loop) {}
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) { ready_.post(handle); }
    void await_resume() const {}

private:
    Ready ready_;
};
inline Yield yield(Loop& loop)
{
    return Yield{loop};
}

} // namespace events
