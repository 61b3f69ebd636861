// SPDX-License-Identifier: Apache-2.0
// The only threads we have: a small pool for calls that block and touch nothing of the loop's
// (fsync and its kin).
#pragma once

#include <condition_variable>
#include <coroutine>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "lib/base/fd.h"
#include "lib/event/watch.h"

namespace events {

class Offload {
public:
    // A call on its way: what it needs is inside it, so that it can end without the task that
    // asked (which may be cancelled meanwhile).
    class Job {
    public:
        virtual ~Job() = default;
        virtual void run() = 0; // On a pool thread.

    private:
        friend class Offload;
        template <typename F> friend class OffloadWait;
        Ready* ready_ = nullptr; // Null once the asking task is gone. The loop's thread only.
        std::coroutine_handle<> handle_;
    };

    Offload(Loop& loop, unsigned threads);
    Offload(const Offload&) = delete;
    Offload& operator=(const Offload&) = delete;
    ~Offload(); // Finishes what has begun and what is queued.

    // auto result = co_await pool.run(f): calls f() on a pool thread and gives back its result.
    // `f` owns whatever it uses.
    template <typename F> auto run(F f);

private:
    template <typename F> friend class OffloadWait;
    void submit(std::shared_ptr<Job> job);
    void start_threads();
    void work();
    void collect();
    static void on_done(int, short, void* self);

    Loop& loop_;
    unsigned thread_count_;
    base::Fd done_fd_; // An eventfd that the pool's threads ring.
    struct ::event done_event_;
    std::mutex mutex_; // Guards what follows.
    std::condition_variable wanted_;
    std::deque<std::shared_ptr<Job>> queue_;
    std::deque<std::shared_ptr<Job>> done_;
    bool ending_ = false;
    std::vector<std::thread> threads_;
};

template <typename F> class OffloadWait {
public:
    using Value = decltype(std::declval<F&>()());
    OffloadWait(Offload& pool, F f)
        : pool_(pool), ready_(pool.loop_), job_(std::make_shared<Call>(std::move(f)))
    {
    }
    OffloadWait(const OffloadWait&) = delete;
    OffloadWait& operator=(const OffloadWait&) = delete;
    ~OffloadWait() { job_->ready_ = nullptr; }

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle)
    {
        job_->ready_ = &ready_;
        job_->handle_ = handle;
        pool_.submit(job_);
    }
    Value await_resume() { return std::move(*job_->value); }

private:
    struct Call final : Offload::Job {
        explicit Call(F call) : f(std::move(call)) {}
        void run() override { value.emplace(f()); }
        F f;
        std::optional<Value> value;
    };
    Offload& pool_;
    Ready ready_;
    std::shared_ptr<Call> job_;
};

template <typename F> auto Offload::run(F f)
{
    return OffloadWait<F>{*this, std::move(f)};
}

} // namespace events
