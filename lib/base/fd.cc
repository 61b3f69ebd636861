// SPDX-License-Identifier: Apache-2.0
// Descriptor ownership; see fd.h.
#include "lib/base/fd.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace base {

void Fd::reset()
{
    if (fd_ >= 0)
        ::close(std::exchange(fd_, -1));
}

Result<void> Fd::close()
{
    // On Linux the descriptor is gone even when close() fails; it is never retried.
    if (fd_ >= 0 && ::close(std::exchange(fd_, -1)) != 0 && errno != EINTR)
        return system_error("close", errno);
    return {};
}

Result<Fd> Fd::duplicate() const
{
    int copy = ::fcntl(fd_, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        return system_error("dup", errno);
    return Fd{copy};
}

static Result<void> set_flag(int fd, int get, int set, int flag, bool on)
{
    int flags = ::fcntl(fd, get);
    if (flags < 0 || ::fcntl(fd, set, on ? flags | flag : flags & ~flag) < 0)
        return system_error("fcntl", errno);
    return {};
}

Result<void> set_nonblocking(int fd, bool on)
{
    return set_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, on);
}

Result<void> set_close_on_exec(int fd, bool on)
{
    return set_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, on);
}

Result<std::pair<Fd, Fd>> socket_pair(int type)
{
    int ends[2];
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
        return system_error("socketpair", errno);
    return std::pair{Fd{ends[0]}, Fd{ends[1]}};
}

Result<std::pair<Fd, Fd>> pipe_pair()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return system_error("pipe", errno);
    return std::pair{Fd{ends[0]}, Fd{ends[1]}};
}

} // namespace base
