// SPDX-License-Identifier: Apache-2.0
// Lock files; see lock.h.
#include "master/lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace master {

base::Result<std::optional<PidLock>> PidLock::take(const std::string& path)
{
    // The directory may belong to mail_owner: neither a link nor a second name of another file
    // is taken for ours.
    constexpr int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    base::Fd fd{::open(path.c_str(), flags, 0600)};
    if (!fd)
        return base::permanent(base::system_error(base::cat("open lock file ", path), errno).text);
    struct stat about {};
    if (::fstat(fd.number(), &about) != 0 || !S_ISREG(about.st_mode) || about.st_nlink != 1)
        return base::permanent(base::cat("open lock file ", path, ": not a file of its own"));
    auto locked = base::try_lock(fd.number());
    if (!locked)
        return locked.error();
    if (!*locked)
        return std::optional<PidLock>{};
    return std::optional<PidLock>{PidLock{std::move(fd)}};
}

base::Result<void> PidLock::write_pid(pid_t pid)
{
    std::string digits = std::to_string(pid);
    constexpr std::size_t width = 10; // Of a process id, at most.
    std::string line(width - std::min(width, digits.size()), ' ');
    base::append(line, digits, '\n');
    if (::ftruncate(fd_.number(), 0) != 0 || ::lseek(fd_.number(), 0, SEEK_SET) != 0)
        return base::system_error("write process id", errno);
    return base::write_all(fd_.number(), line);
}

} // namespace master
