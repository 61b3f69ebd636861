// SPDX-License-Identifier: Apache-2.0
// Choosing the log; see log_setup.h.
#include "lib/service/log_setup.h"

#include <sys/types.h>
#include <unistd.h>

#include "lib/base/log_sinks.h"

namespace service {

int facility_number(std::string_view name)
{
    static constexpr std::string_view names[] = {
        "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
        "uucp",   "cron",   "authpriv", "ftp",    "",       "",       "",       "",
        "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};
    for (int i = 0; const auto& known : names) {
        if (!known.empty() && known == name)
            return i;
        ++i;
    }
    return -1;
}

std::unique_ptr<base::LogSink> open_log(const config::CommonParams& common,
                                        std::string_view program)
{
    base::SyslogSink::Options options;
    options.ident = base::cat(common.syslog_name(), "/", program);
    int facility = facility_number(common.syslog_facility());
    options.facility = facility < 0 ? 2 : facility;
    if (!common.maillog_file().empty()) {
        // Relative to the queue directory where we can be there already, absolute before.
        options.path = base::cat(common.queue_directory(), "/public/postlog");
        options.with_header = false;
    }
    return std::make_unique<base::SyslogSink>(std::move(options));
}

} // namespace service
