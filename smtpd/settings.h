// SPDX-License-Identifier: Apache-2.0
// What parameters mean to the session, the driver and the routing library. Computed once.
#pragma once

#include "lib/config/params/common.h"
#include "lib/config/params/smtpd.h"
#include "lib/config/params/verp.h"
#include "lib/route/destinations.h"
#include "lib/smtp/server_settings.h"
#include "smtpd/driver.h"

namespace smtpd {

smtp::ServerSettings session_settings(const config::SmtpdParams& params,
                                      const config::CommonParams& common,
                                      const config::VerpParams& verp);
DriverSettings driver_settings(const config::SmtpdParams& params);

// The bits of smtpd_discard_ehlo_keywords; words that mean nothing are told in the log.
std::uint32_t discard_bits(const std::vector<std::string>& keywords);

// Who we are, for address rewriting. A myorigin that names a file is read now.
} // namespace smtpd
