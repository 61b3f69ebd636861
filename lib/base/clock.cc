// SPDX-License-Identifier: Apache-2.0
// The system's clocks; see clock.h.
#include "lib/base/clock.h"

namespace base {

WallTime SystemClock::wall() const
{
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

MonoTime SystemClock::mono() const
{
    return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

} // namespace base
