// SPDX-License-Identifier: Apache-2.0
// Dates of mail headers; see date.h.
#include "lib/mail/date.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "lib/base/calendar.h"
#include "lib/base/strings.h"

namespace mail {

std::string header_date(base::WallTime when)
{
    const std::time_t seconds = base::unix_seconds(when);
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr)
        return "Thu,  1 Jan 1970 00:00:00 +0000 (UTC)";
    const long minutes = std::labs(local.tm_gmtoff) / 60;
    char text[96];
    std::snprintf(text, sizeof text, "%s, %2d %s %04d %02d:%02d:%02d %c%02ld%02ld",
                  base::day_names[local.tm_wday], local.tm_mday, base::month_names[local.tm_mon],
                  local.tm_year + 1900, local.tm_hour, local.tm_min, local.tm_sec,
                  local.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return base::cat(text, " (", local.tm_zone == nullptr ? "" : local.tm_zone, ")");
}

} // namespace mail
