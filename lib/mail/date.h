// SPDX-License-Identifier: Apache-2.0
// The date of mail headers (RFC 5322 section 3.3), in local time as Postfix writes it:
// "Sat, 21 Nov 2026 23:00:00 +0000 (UTC)". A day below ten is padded with a blank.
#pragma once

#include <string>

#include "lib/base/clock.h"

namespace mail {

// In the zone that the environment (TZ, /etc/localtime) names. Names of days and months are
// English whatever the locale.
std::string header_date(base::WallTime when);

} // namespace mail
