// SPDX-License-Identifier: Apache-2.0
// The pool of threads; see offload.h.
#include "lib/event/offload.h"

#include <cerrno>
#include <csignal>
#include <event2/event.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/base/log.h"

namespace events {

Offload::Offload(Loop& loop, unsigned threads)
    : loop_(loop), thread_count_(threads), done_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (!done_fd_)
        base::fatal(base::system_error("eventfd", errno).text);
    event_assign(&done_event_, loop.raw(), done_fd_.number(), EV_READ | EV_PERSIST,
                 &Offload::on_done, this);
    event_add(&done_event_, nullptr);
}

Offload::~Offload()
{
    {
        std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wanted_.notify_all();
    for (auto& thread : threads_)
        thread.join();
    event_del(&done_event_);
}

// Threads begin with the first job: by then the process is in its jail, and they with it.
void Offload::start_threads()
{
    // Signals are the loop's: the threads inherit a mask that blocks them all.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < thread_count_; ++i)
        threads_.emplace_back(&Offload::work, this);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Offload::submit(std::shared_ptr<Job> job)
{
    if (threads_.empty())
        start_threads();
    {
        std::lock_guard lock(mutex_);
        queue_.push_back(std::move(job));
    }
    wanted_.notify_one();
}

void Offload::work()
{
    std::unique_lock lock(mutex_);
    while (true) {
        wanted_.wait(lock, [this] { return ending_ || !queue_.empty(); });
        if (queue_.empty())
            return;
        auto job = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        job->run();
        lock.lock();
        bool first = done_.empty();
        done_.push_back(std::move(job));
        std::uint64_t one = 1;
        if (first && ::write(done_fd_.number(), &one, sizeof one) < 0 && errno != EAGAIN)
            base::panic("offload: the loop cannot be told");
    }
}

void Offload::on_done(int, short, void* self)
{
    static_cast<Offload*>(self)->collect();
}

void Offload::collect()
{
    std::uint64_t count;
    if (::read(done_fd_.number(), &count, sizeof count) < 0 && errno != EAGAIN)
        base::panic("offload: eventfd");
    std::deque<std::shared_ptr<Job>> done;
    {
        std::lock_guard lock(mutex_);
        done.swap(done_);
    }
    for (auto& job : done) {
        if (job->ready_ != nullptr)
            job->ready_->post(job->handle_);
    }
}

} // namespace events
