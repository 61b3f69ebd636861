// SPDX-License-Identifier: Apache-2.0
// Locks on mailbox files; see mailbox_lock.h.
#include "lib/delivery/mailbox_lock.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/child.h"

namespace delivery {

namespace {

struct LockWord {
    std::string_view word;
    bool LockStyles::*style;
};
constexpr LockWord lock_words[] = {{"flock", &LockStyles::flock},
                                   {"fcntl", &LockStyles::fcntl},
                                   {"dotlock", &LockStyles::dotlock}};

bool lock_by_flock(int fd)
{
    return ::flock(fd, LOCK_EX | LOCK_NB) == 0;
}

bool lock_by_fcntl(int fd)
{
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (::fcntl(fd, F_SETLK, &lock) == 0)
        return true;
    if (errno == EACCES)
        errno = EAGAIN;
    return false;
}

// Between half and one and a half of `delay`, so that two who wait do not meet again. False: told
// to stop.
bool pause(base::Duration delay)
{
    std::uint16_t part = 0; // Processes that were forked at one moment must not draw the same.
    if (::getrandom(&part, sizeof part, 0) != sizeof part)
        part = static_cast<std::uint16_t>(::getpid());
    const auto wait = delay / 2 + delay * part / 65536;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
    timespec left{seconds.count(),
                  std::chrono::duration_cast<std::chrono::nanoseconds>(wait - seconds).count()};
    while (::nanosleep(&left, &left) != 0)
        if (told_to_stop())
            return false;
    return !told_to_stop();
}

FileFault take_kernel_lock(int fd, bool (*lock)(int), const LockSettings& settings)
{
    for (int attempt = 1; !lock(fd); ++attempt) {
        const int code = errno;
        if (attempt >= settings.attempts || !pause(settings.delay))
            return {code, base::cat("unable to lock for exclusive access: ", std::strerror(code))};
    }
    return {};
}

// Whether the lock of somebody who is gone was taken away.
bool remove_stale(const std::string& dotlock, base::Duration stale)
{
    struct stat status {};
    if (::lstat(dotlock.c_str(), &status) != 0)
        return errno == ENOENT;
    const auto age = std::chrono::seconds(std::time(nullptr) - status.st_mtime);
    return age > stale && ::unlink(dotlock.c_str()) == 0;
}

} // namespace

base::Result<LockStyles> parse_lock_styles(const std::vector<std::string>& words)
{
    LockStyles styles;
    for (const auto& word : words) {
        bool known = false;
        for (const auto& [name, style] : lock_words)
            if (word == name)
                known = styles.*style = true;
        if (!known)
            return base::permanent(base::cat("no mailbox lock style: ", word));
    }
    if (!styles.any())
        return base::permanent("no mailbox lock style is set");
    return styles;
}

MailboxLock::~MailboxLock()
{
    if (!dotlock_.empty())
        ::unlink(dotlock_.c_str());
}

FileFault MailboxLock::take_dotlock(const std::string& path, const LockSettings& settings)
{
    const std::string name = path + ".lock";
    for (int attempt = 1;; ++attempt) {
        const base::Fd made{::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0)};
        if (made) {
            dotlock_ = name;
            return {};
        }
        const int code = errno;
        const bool again = code == EEXIST && attempt < settings.attempts;
        if (!again || (!remove_stale(name, settings.stale) && !pause(settings.delay)))
            return {code == EEXIST ? EAGAIN : code,
                    base::cat("unable to create lock file ", name, ": ", std::strerror(code))};
    }
}

FileFault MailboxLock::take(const std::string& path, int fd, const LockSettings& settings)
{
    auto fault = take_name(path, settings);
    if (!fault)
        fault = take_file(fd, settings);
    return fault;
}

FileFault MailboxLock::take_name(const std::string& path, const LockSettings& settings)
{
    if (!settings.styles.dotlock)
        return {};
    auto fault = take_dotlock(path, settings);
    if (!fault || fault.code == EAGAIN || !settings.dotlock_may_fail)
        return fault;
    base::Log{}.warning(fault.text);
    return {};
}

FileFault MailboxLock::take_file(int fd, const LockSettings& settings)
{
    if (settings.styles.flock)
        if (auto fault = take_kernel_lock(fd, lock_by_flock, settings); fault)
            return fault;
    if (settings.styles.fcntl)
        if (auto fault = take_kernel_lock(fd, lock_by_fcntl, settings); fault)
            return fault;
    return {};
}

} // namespace delivery
