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
    turn_event_ = event_new(
        base_, -1, 0, [](int, short, void*) {}, this);
}

Loop::~Loop()
{
    event_free(turn_event_);
    event_base_free(base_);
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
}

// Resumes who is ready, then looks at descriptors and time: waiting only when nobody is ready any
// more. False when nothing is left that could happen. Ready tasks are no events of libevent's,
// because an event that is activated from its own callback keeps it from ever looking at others.
bool Loop::step()
{
    ++turns_;
    run_ready();
    if (stopping_)
        return true;
    int result = event_base_loop(base_, first_ != nullptr ? EVLOOP_NONBLOCK : EVLOOP_ONCE);
    return result == 0 || first_ != nullptr;
}

void Loop::run()
{
    stopping_ = false;
    while (!stopping_ && step()) {
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
    event_add(turn_event_, &wait);
    step();
    event_del(turn_event_);
    run_ready();
}

} // namespace events
