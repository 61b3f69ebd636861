// SPDX-License-Identifier: Apache-2.0
// The log file; see maillog.h.
#include "lib/config/maillog.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/strings.h"

namespace config {

bool maillog_path_allowed(std::string_view path, const std::vector<std::string>& prefixes)
{
    if (!path.starts_with('/') || path.find("/..") != std::string_view::npos)
        return false;
    return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
        while (prefix.size() > 1 && prefix.ends_with('/'))
            prefix.remove_suffix(1);
        return path.starts_with(prefix) &&
               (path.size() == prefix.size() || prefix == "/" || path[prefix.size()] == '/');
    });
}

base::Result<unsigned> maillog_mode(std::string_view text)
{
    if (text == "0600" || text == "600")
        return 0600u;
    if (text == "0640" || text == "640")
        return 0640u;
    if (text == "0644" || text == "644")
        return 0644u;
    return base::permanent("maillog_file_permissions: use 0600, 0640 or 0644");
}

static base::Result<base::Fd> open_plain(const std::string& path, unsigned mode)
{
    // A link at the end of the path is not followed: the directory may belong to mail_owner.
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    base::Fd fd{::open(path.c_str(), flags, mode)};
    if (!fd) {
        base::Error error = base::system_error(base::cat("maillog_file: open ", path), errno);
        return base::permanent(error.text);
    }
    struct stat about {};
    if (::fstat(fd.number(), &about) != 0 || (S_ISREG(about.st_mode) && about.st_nlink != 1))
        return base::permanent(base::cat("maillog_file: ", path, " has more than one name"));
    return fd;
}

base::Result<base::Fd> open_maillog(const CommonParams& common, const MaillogParams& params)
{
    const std::string& path = common.maillog_file();
    if (!maillog_path_allowed(path, params.maillog_file_prefixes()))
        return base::permanent(
            base::cat("maillog_file: ", path, " is not below any of maillog_file_prefixes"));
    auto mode = maillog_mode(params.maillog_file_permissions());
    if (!mode)
        return mode.error();
    if (path != "/dev/stdout")
        return open_plain(path, *mode);
    base::Fd ours{::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)};
    if (!ours)
        return base::permanent(base::system_error("maillog_file: standard output", errno).text);
    return ours;
}

} // namespace config
