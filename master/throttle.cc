// SPDX-License-Identifier: Apache-2.0
// Back-off of failing services; see throttle.h.
#include "master/throttle.h"

#include <algorithm>

namespace master {

void Throttle::failed(base::MonoTime now, base::Duration lived, bool came_up)
{
    constexpr unsigned most_doublings = 20;
    if ((came_up && lived >= grown_up) || now - last_ > longest_ + grown_up)
        failures_ = 0;
    ++failures_;
    last_ = now;
    base::Duration wait = base::Duration::zero();
    if (!came_up)
        wait = first_wait_bad_start * (1L << std::min(failures_ - 1, most_doublings));
    else if (failures_ > 1)
        wait = std::min(first_wait * (1L << std::min(failures_ - 2, most_doublings)),
                        longest_wait_came_up);
    not_before_ = std::max(not_before_, now + std::min(wait, longest_));
}

} // namespace master
