// SPDX-License-Identifier: Apache-2.0
// Waking a service; see trigger.h.
#include "lib/ipc/trigger.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/strings.h"

namespace ipc {

namespace {

base::Result<void> trigger_socket(const std::string& path, std::string_view request)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return base::permanent(base::cat(path, ": name too long for a socket"));
    std::memcpy(address.sun_path, path.data(), path.size());
    base::Fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket)
        return base::system_error("socket", errno);
    if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
        0) {
        if (errno == EAGAIN)
            return {};
        return base::system_error(base::cat("connect to ", path), errno);
    }
    // A service that closes at once was woken by the connection.
    if (::send(socket.number(), request.data(), request.size(), MSG_NOSIGNAL) < 0 &&
        errno != EPIPE && errno != ECONNRESET)
        return base::system_error(base::cat("write to ", path), errno);
    return {};
}

base::Result<void> trigger_fifo(const std::string& path, std::string_view request)
{
    base::Fd fifo{::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)};
    if (!fifo)
        return base::system_error(base::cat("open ", path), errno);
    if (::write(fifo.number(), request.data(), request.size()) < 0 && errno != EAGAIN)
        return base::system_error(base::cat("write to ", path), errno);
    return {};
}

} // namespace

base::Result<void> trigger(const std::string& path, std::string_view request)
{
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) {
        base::Error error = base::system_error(base::cat("unable to look up ", path), errno);
        error.kind = errno == ENOENT ? base::Error::Kind::Permanent : error.kind;
        return error;
    }
    if (S_ISSOCK(found.st_mode))
        return trigger_socket(path, request);
    if (S_ISFIFO(found.st_mode))
        return trigger_fifo(path, request);
    return base::permanent(base::cat(path, " is not a socket or a fifo"));
}

} // namespace ipc
