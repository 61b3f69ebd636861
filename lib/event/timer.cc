// SPDX-License-Identifier: Apache-2.0
// Timers; see timer.h.
#include "lib/event/timer.h"

#include <algorithm>
#include <event2/event.h>

namespace events {

Timer::Timer(Loop& loop, Fire fire, void* context) : loop_(loop), fire_(fire), context_(context)
{
    event_assign(&event_, loop.raw(), -1, 0, &Timer::on_event, this);
}

Timer::~Timer()
{
    disarm();
}

void Timer::arm(base::MonoTime when)
{
    when_ = when;
    armed_ = true;
    auto wait = std::max(base::Duration::zero(), when - loop_.now());
    timeval tv{static_cast<time_t>(wait.count() / 1'000'000),
               static_cast<suseconds_t>(wait.count() % 1'000'000)};
    event_add(&event_, &tv);
}

void Timer::disarm()
{
    if (armed_)
        event_del(&event_);
    armed_ = false;
}

void Timer::on_event(int, short, void* self)
{
    auto* timer = static_cast<Timer*>(self);
    timer->armed_ = false;
    timer->fire_(timer->context_);
}

} // namespace events
