// SPDX-License-Identifier: Apache-2.0
// Retry times by message age.
#include "qmgr/retry.h"

#include <algorithm>

namespace qmgr {

base::WallTime RetryPolicy::next_attempt(base::WallTime arrival, base::WallTime now)
{
    // A clock that was set back gives a negative age, an odd configuration min > max: max() and
    // min() in this order survive both.
    const base::Duration age = now - arrival;
    const auto pause = std::min(std::max(age, times_.minimal_backoff),
                                std::max(times_.maximal_backoff, times_.minimal_backoff));
    return now + jitter_.spread(pause);
}

base::WallTime RetryPolicy::next_attempt(base::WallTime arrival, base::WallTime now,
                                         base::WallTime useful)
{
    const base::WallTime by_age = next_attempt(arrival, now);
    if (by_age >= useful)
        return by_age;
    return useful + (jitter_.spread(times_.minimal_backoff) - times_.minimal_backoff);
}

base::WallTime RetryPolicy::no_place_again(base::WallTime arrival, base::WallTime now,
                                           base::WallTime useful)
{
    const auto age = std::max(base::Duration{0}, now - arrival);
    return useful + jitter_.spread(std::min(age, times_.minimal_backoff));
}

bool RetryPolicy::expired(std::string_view sender, base::WallTime arrival, base::WallTime now) const
{
    return now >= expiry(sender, arrival);
}

base::WallTime RetryPolicy::expiry(std::string_view sender, base::WallTime arrival) const
{
    return arrival + (sender.empty() ? times_.bounce_lifetime : times_.maximal_lifetime);
}

} // namespace qmgr
