// SPDX-License-Identifier: Apache-2.0
// Which log a process writes to, by its configuration: the system log, or postlogd for
// maillog_file.
#pragma once

#include <memory>
#include <string>

#include "lib/base/log.h"
#include "lib/config/params/common.h"

namespace service {

// The sink for "SYSLOG_NAME/PROGRAM". Sockets are opened now, so that they work in the jail.
std::unique_ptr<base::LogSink> open_log(const config::CommonParams& common,
                                        std::string_view program);

// The number of a facility name (RFC 5424 table 1), or -1.
int facility_number(std::string_view name);

} // namespace service
