// SPDX-License-Identifier: Apache-2.0
// Names of days and months in log lines, headers and listings: English whatever the locale.
#pragma once

namespace base {

// By tm_wday and tm_mon.
inline constexpr const char* day_names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
inline constexpr const char* month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

} // namespace base
