// SPDX-License-Identifier: Apache-2.0
// Which log a process writes to, by its configuration: the system log, or postlogd for
// maillog_file.
#pragma once

#include <memory>
#include <string>

#include "lib/base/log.h"
#include "lib/base/result.h"
#include "lib/config/params/common.h"
#include "lib/config/params/master.h"

namespace service {

// The sink for "SYSLOG_NAME/PROGRAM". Sockets are opened now, so that they work in the jail.
std::unique_ptr<base::LogSink> open_log(const config::CommonParams& common,
                                        std::string_view program);
// With any ident, such as postlog's tag.
std::unique_ptr<base::LogSink> open_log_as(const config::CommonParams& common, std::string ident);

// The same for master and the commands of root, which need no postlogd: they write to maillog_file
// themselves. Errors are permanent: the file cannot be opened.
base::Result<std::unique_ptr<base::LogSink>> open_log_of_root(const config::CommonParams& common,
                                                              const config::MaillogParams& maillog,
                                                              std::string ident);

// The number of a facility name (RFC 5424 table 1), or -1.
int facility_number(std::string_view name);

} // namespace service
