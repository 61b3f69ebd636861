// SPDX-License-Identifier: Apache-2.0
// Descriptor waits; see watch.h.
#include "lib/event/watch.h"

#include <cassert>
#include <event2/event.h>
#include <utility>

namespace events {

Watch::Watch(Loop& loop, int fd)
    : loop_(loop), fd_(fd),
      timer_(
          loop, [](void* self) { static_cast<Watch*>(self)->on_deadline(); }, this)
{
    event_assign(&read_event_, loop.raw(), fd, EV_READ | EV_ET | EV_PERSIST, &Watch::on_readable,
                 this);
    event_assign(&write_event_, loop.raw(), fd, EV_WRITE | EV_ET, &Watch::on_writable, this);
}

Watch::~Watch()
{
    assert(reader_ == nullptr && writer_ == nullptr);
    if (read_registered_)
        event_del(&read_event_);
    event_del(&write_event_);
}

void Watch::begin(Wait& wait)
{
    assert(this->*wait.slot_ == nullptr);
    this->*wait.slot_ = &wait;
    if (wait.slot_ == &Watch::writer_) {
        event_add(&write_event_, nullptr);
    } else if (!read_registered_) {
        event_add(&read_event_, nullptr);
        read_registered_ = true;
    }
    bool sooner = !timer_.armed() || wait.deadline_.when() < timer_.when();
    if (!wait.deadline_.is_never() && sooner)
        timer_.arm(wait.deadline_.when());
}

void Watch::wake(Wait*& slot)
{
    if (Wait* wait = std::exchange(slot, nullptr))
        wait->handle_.resume(); // May destroy this Watch.
}

void Watch::on_readable(int, short, void* self)
{
    auto* watch = static_cast<Watch*>(self);
    watch->wake(watch->reader_);
}

void Watch::on_writable(int, short, void* self)
{
    auto* watch = static_cast<Watch*>(self);
    watch->wake(watch->writer_);
}

void Watch::on_deadline()
{
    base::MonoTime now = loop_.now();
    base::Deadline next = base::Deadline::never();
    for (Wait** slot : {&reader_, &writer_}) {
        Wait* wait = *slot;
        if (wait == nullptr)
            continue;
        if (!wait->deadline_.passed(now)) {
            next = next.earlier(wait->deadline_);
            continue;
        }
        wait->timed_out_ = true;
        *slot = nullptr;
        wait->ready_.post(wait->handle_); // Not resumed here: it may destroy this Watch.
    }
    if (!next.is_never())
        timer_.arm(next.when());
}

} // namespace events
