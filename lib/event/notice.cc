// SPDX-License-Identifier: Apache-2.0
// Notices between tasks; see notice.h.
#include "lib/event/notice.h"

#include <utility>

namespace events {

Notice::~Notice()
{
    // Whoever still waits is cancelled with its own scope; it must not look back here.
    while (first_ != nullptr)
        first_->unlink();
}

void Notice::notify()
{
    while (Wait* wait = first_) {
        wait->unlink();
        wait->timer_.disarm();
        wait->ready_.post(wait->handle_);
    }
}

Notice::Wait::Wait(Notice& notice, base::Deadline deadline)
    : notice_(&notice), deadline_(deadline), ready_(notice.loop_),
      timer_(notice.loop_, &Wait::on_deadline, this)
{
}

void Notice::Wait::await_suspend(std::coroutine_handle<> handle)
{
    handle_ = handle;
    // At the end of the list, so that tasks wake in the order in which they came.
    link_ = notice_->end_;
    *link_ = this;
    notice_->end_ = &next_;
    if (!deadline_.is_never())
        timer_.arm(deadline_.when());
}

void Notice::Wait::unlink()
{
    if (link_ == nullptr)
        return;
    *link_ = next_;
    if (next_ != nullptr)
        next_->link_ = link_;
    else
        notice_->end_ = link_;
    link_ = nullptr;
    next_ = nullptr;
}

void Notice::Wait::on_deadline(void* self)
{
    auto* wait = static_cast<Wait*>(self);
    wait->unlink();
    wait->timed_out_ = true;
    wait->handle_.resume();
}

} // namespace events
