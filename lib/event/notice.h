// SPDX-License-Identifier: Apache-2.0
// Tasks that wait for each other: Notice (something changed, look again) and Mailbox (one value,
// given once).
#pragma once

#include <coroutine>
#include <optional>

#include "lib/event/timer.h"

namespace events {

// Any number of tasks wait; notify() wakes them all on the loop's next turn. Like a condition
// variable: check, then wait, then check again.
class Notice {
public:
    explicit Notice(Loop& loop) : loop_(loop) {}
    Notice(const Notice&) = delete;
    Notice& operator=(const Notice&) = delete;
    ~Notice();

    void notify();

    // co_await notice.wait(deadline): false when the deadline passed.
    class Wait;
    Wait wait(base::Deadline deadline = base::Deadline::never());

    Loop& loop() const { return loop_; }

private:
    Loop& loop_;
    Wait* first_ = nullptr;
    Wait** end_ = &first_; // Where the next one is linked.
};

class Notice::Wait {
public:
    Wait(Notice& notice, base::Deadline deadline);
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait() { unlink(); }

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle);
    bool await_resume() const { return !timed_out_; }

private:
    friend class Notice;
    void unlink();
    static void on_deadline(void* self);

    Notice* notice_;
    base::Deadline deadline_;
    std::coroutine_handle<> handle_;
    Wait* next_ = nullptr;
    Wait** link_ = nullptr; // What points to us, while in the list.
    bool timed_out_ = false;
    Ready ready_;
    Timer timer_;
};

inline Notice::Wait Notice::wait(base::Deadline deadline)
{
    return Wait{*this, deadline};
}

// One value from one task to another. put() before or after the other waits.
template <typename T> class Mailbox {
public:
    explicit Mailbox(Loop& loop) : notice_(loop) {}

    void put(T value)
    {
        value_.emplace(std::move(value));
        notice_.notify();
    }
    bool full() const { return value_.has_value(); }
    Notice::Wait wait(base::Deadline deadline) { return notice_.wait(deadline); }
    T take() { return std::move(*value_); }

private:
    Notice notice_;
    std::optional<T> value_;
};

} // namespace events
