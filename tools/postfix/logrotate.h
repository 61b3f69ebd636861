// SPDX-License-Identifier: Apache-2.0
// postfix logrotate: puts the log file aside under a name with the time in it.
#pragma once

#include <string>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/config/params/common.h"
#include "lib/config/params/master.h"

namespace postfix {

// Renames maillog_file; the new name. Errors are permanent.
base::Result<std::string> put_log_aside(const config::CommonParams& common,
                                        const config::MaillogParams& maillog, base::WallTime now);

} // namespace postfix
