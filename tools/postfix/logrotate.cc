// SPDX-License-Identifier: Apache-2.0
// Log rotation; see logrotate.h.
#include "tools/postfix/logrotate.h"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <unistd.h>

#include "lib/config/maillog.h"

namespace postfix {

static std::string suffix(const std::string& format, base::WallTime now)
{
    std::time_t when = base::unix_seconds(now);
    std::tm local{};
    ::localtime_r(&when, &local);
    char text[128] = {};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" // The format is the administrator's.
    std::size_t size = std::strftime(text, sizeof text, format.c_str(), &local);
#pragma GCC diagnostic pop
    return {text, size};
}

base::Result<std::string> put_log_aside(const config::CommonParams& common,
                                        const config::MaillogParams& maillog, base::WallTime now)
{
    const std::string& file = common.maillog_file();
    if (file.empty())
        return base::permanent("empty 'maillog_file' parameter value - logfile rotation failed");
    if (file.starts_with("/dev/"))
        return base::permanent(base::cat("not rotating '", file, "'"));
    if (!config::maillog_path_allowed(file, maillog.maillog_file_prefixes()))
        return base::permanent(
            base::cat("maillog_file: ", file, " is not below any of maillog_file_prefixes"));
    std::string end = suffix(maillog.maillog_file_rotate_suffix(), now);
    if (end.empty() || end.find('/') != std::string::npos)
        return base::permanent("maillog_file_rotate_suffix: makes no file name");
    std::string aside = base::cat(file, ".", end);
    if (::access(aside.c_str(), F_OK) == 0)
        return base::permanent(
            base::cat("logfile '", file, "' rotation failed: ", aside, " exists already"));
    if (std::rename(file.c_str(), aside.c_str()) != 0)
        return base::permanent(
            base::system_error(base::cat("logfile '", file, "' rotation failed"), errno).text);
    return aside;
}

} // namespace postfix
