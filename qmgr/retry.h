// SPDX-License-Identifier: Apache-2.0
// When a deferred message is tried again, and when it is given up: by age, between the two backoff
// times, with jitter at every step.
#pragma once

#include <string_view>

#include "lib/base/clock.h"
#include "qmgr/jitter.h"

namespace qmgr {

struct RetryTimes {
    base::Duration minimal_backoff = std::chrono::seconds(300);
    base::Duration maximal_backoff = std::chrono::seconds(4'000);
    base::Duration maximal_lifetime = std::chrono::hours(5 * 24);
    base::Duration bounce_lifetime = std::chrono::hours(5 * 24); // For the null sender.
};

class RetryPolicy {
public:
    RetryPolicy(const RetryTimes& times, std::uint64_t seed) : times_(times), jitter_(seed) {}

    // The pause after an attempt at `now`: the message's age, so that it doubles from one attempt
    // to the next, kept between the two backoff times; then up to a quarter is added.
    base::WallTime next_attempt(base::WallTime arrival, base::WallTime now);

    // The same, but not before `useful`, the moment at which the destination is worth a try (see
    // Scheduler::earliest); the part after it is spread as well.
    base::WallTime next_attempt(base::WallTime arrival, base::WallTime now, base::WallTime useful);

    // For a message that was not tried for want of a place, and had been deferred before: after
    // `useful`, later by its age up to the minimal backoff time.
    base::WallTime no_place_again(base::WallTime arrival, base::WallTime now,
                                  base::WallTime useful);

    // True when a message that arrived then is to be returned instead of tried again. Lifetime 0
    // means one attempt only.
    bool expired(std::string_view sender, base::WallTime arrival, base::WallTime now) const;
    // When that is.
    base::WallTime expiry(std::string_view sender, base::WallTime arrival) const;

private:
    RetryTimes times_;
    Jitter jitter_;
};

} // namespace qmgr
