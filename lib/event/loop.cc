// SPDX-License-Identifier: Apache-2.0
// The loop; see loop.h.
#include "lib/event/loop.h"

#include <event2/event.h>

#include "lib/base/log.h"

namespace events {

void Ready::post(std::coroutine_handle<> handle)
{
    if (posted_)
        return;
    handle_ = handle;
    posted_ = true;
    ++loop_.waiting_;
    next_ = nullptr;
    previous_ = loop_.last_;
    (previous_ != nullptr ? previous_->next_ : loop_.first_) = this;
    loop_.last_ = this;
    if (loop_.first_ == this)
        loop_.arm_ready();
}

void Ready::withdraw()
{
    if (!posted_)
        return;
    posted_ = false;
    --loop_.waiting_;
    (previous_ != nullptr ? previous_->next_ : loop_.first_) = next_;
    (next_ != nullptr ? next_->previous_ : loop_.last_) = previous_;
}

Loop::Loop()
{
    event_config* config = event_config_new();
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    event_config_require_features(config, EV_FEATURE_ET);
    base_ = event_base_new_with_config(config);
    event_config_free(config);
    if (base_ == nullptr)
        base::fatal("no event loop: libevent found no usable method");
    ready_event_ = event_new(base_, -1, 0, &Loop::on_ready, this);
}

Loop::~Loop()
{
    event_free(ready_event_);
    event_base_free(base_);
}

void Loop::arm_ready()
{
    event_active(ready_event_, EV_TIMEOUT, 0);
}

void Loop::on_ready(int, short, void* self)
{
    static_cast<Loop*>(self)->run_ready();
}

void Loop::run_ready()
{
    // Only what was there at the start: a task that posts itself again waits for the next turn.
    std::size_t batch = waiting_;
    while (batch-- > 0 && first_ != nullptr) {
        Ready* ready = first_;
        ready->withdraw();
        ready->handle_.resume(); // May destroy `ready`, and withdraw others.
    }
    if (first_ != nullptr)
        arm_ready();
}

void Loop::run()
{
    stopping_ = false;
    while (!stopping_) {
        ++turns_;
        if (event_base_loop(base_, EVLOOP_ONCE) != 0)
            return;
    }
}

void Loop::stop()
{
    stopping_ = true;
    event_base_loopbreak(base_);
}

void Loop::turn(base::Duration longest)
{
    timeval wait{static_cast<time_t>(longest.count() / 1'000'000),
                 static_cast<suseconds_t>(longest.count() % 1'000'000)};
    event_base_loopexit(base_, &wait);
    ++turns_;
    event_base_loop(base_, EVLOOP_ONCE);
}

} // namespace events
