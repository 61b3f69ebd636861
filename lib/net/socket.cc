// SPDX-License-Identifier: Apache-2.0
// Making sockets; see socket.h.
#include "lib/net/socket.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/event/watch.h"

namespace net {

using base::Fd;
using base::Result;

static Result<Fd> make_socket(Family family, int type)
{
    int domain = family == Family::Inet ? AF_INET : family == Family::Inet6 ? AF_INET6 : AF_UNIX;
    Fd fd{::socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!fd)
        return base::system_error("socket", errno);
    return fd;
}

static base::Error reason(int code)
{
    return base::temporary(std::strerror(code));
}

base::Task<Result<Fd>> connect(events::Loop& loop, Address to, base::Deadline deadline,
                               std::optional<Address> source)
{
    auto made = make_socket(to.family(), SOCK_STREAM);
    if (!made)
        co_return made.error();
    Fd fd = std::move(*made);
    if (source && ::bind(fd.number(), source->raw(), source->raw_size()) != 0)
        co_return base::system_error(base::cat("bind ", source->host()), errno);
    if (::connect(fd.number(), to.raw(), to.raw_size()) == 0)
        co_return std::move(fd);
    if (errno != EINPROGRESS)
        co_return reason(errno);
    {
        events::Watch watch(loop, fd.number());
        bool in_time = co_await watch.writable(deadline);
        if (!in_time)
            co_return reason(ETIMEDOUT);
    }
    int code = 0;
    socklen_t size = sizeof code;
    ::getsockopt(fd.number(), SOL_SOCKET, SO_ERROR, &code, &size);
    if (code != 0)
        co_return reason(code);
    co_return std::move(fd);
}

base::Task<Result<Fd>> connect_local(events::Loop& loop, std::string path, base::Deadline deadline)
{
    static constexpr auto backlog_wait = std::chrono::milliseconds(20);
    Address to = Address::unix_path(path);
    while (true) {
        auto made = make_socket(Family::Unix, SOCK_STREAM);
        if (!made)
            co_return made.error();
        if (::connect(made->number(), to.raw(), to.raw_size()) == 0)
            co_return std::move(*made);
        if (errno != EAGAIN || deadline.passed(loop.now()))
            co_return base::system_error(base::cat("connect to ", path), errno);
        co_await events::sleep(loop, backlog_wait);
    }
}

// accept(2): errors of the connection that was taken, not of the listener. The next one may wait
// already, and an edge-triggered watch would not tell again.
static bool was_gone_again(int code)
{
    constexpr int codes[] = {EINTR,  ECONNABORTED, EPROTO,      ENETDOWN, ENOPROTOOPT, EHOSTDOWN,
                             ENONET, EHOSTUNREACH, ENETUNREACH, EPERM,    EOPNOTSUPP,  ETIMEDOUT};
    return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

Result<std::optional<Accepted>> accept_one(int listener)
{
    constexpr int most_lost = 100; // So that a strange listener cannot hold us here.
    for (int lost = 0; lost < most_lost; ++lost) {
        sockaddr_storage storage{};
        socklen_t size = sizeof storage;
        Fd fd{::accept4(listener, reinterpret_cast<sockaddr*>(&storage), &size,
                        SOCK_CLOEXEC | SOCK_NONBLOCK)};
        if (fd) {
            auto peer = Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), size);
            return std::optional<Accepted>{Accepted{std::move(fd), peer}};
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            return base::system_error("accept", errno);
        if (!was_gone_again(errno))
            break;
    }
    return std::optional<Accepted>{};
}

Result<Fd> listen_inet(const Address& at, int backlog)
{
    auto made = make_socket(at.family(), SOCK_STREAM);
    if (!made)
        return made.error();
    int on = 1;
    ::setsockopt(made->number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at.family() == Family::Inet6)
        ::setsockopt(made->number(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (::bind(made->number(), at.raw(), at.raw_size()) != 0)
        return base::system_error(base::cat("bind ", at.host(), " port ", at.port()), errno);
    if (::listen(made->number(), backlog) != 0)
        return base::system_error("listen", errno);
    return made;
}

// The mode comes from the umask at the moment of binding: a chmod afterwards would leave a moment
// for the wrong user to connect, and could be led astray by a link put in the socket's place.
static Result<Fd> bind_unix(const std::string& path, int type, unsigned mode)
{
    auto made = make_socket(Family::Unix, type);
    if (!made)
        return made.error();
    if (path.size() > unix_path_limit) {
        errno = ENAMETOOLONG;
        return base::permanent(base::cat(path, ": the path of a UNIX socket is too long"));
    }
    struct stat there {};
    bool is_there = ::lstat(path.c_str(), &there) == 0;
    if (is_there && !S_ISSOCK(there.st_mode) && !S_ISFIFO(there.st_mode)) {
        errno = EEXIST;
        return base::permanent(base::cat(path, ": exists and is not a socket"));
    }
    if (is_there && ::unlink(path.c_str()) != 0)
        return base::system_error(base::cat("remove old socket ", path), errno);
    Address at = Address::unix_path(path);
    mode_t before = ::umask(~mode & 0777);
    int bound = ::bind(made->number(), at.raw(), at.raw_size());
    int code = errno;
    ::umask(before);
    errno = code;
    if (bound != 0)
        return base::system_error(base::cat("bind ", path), code);
    return made;
}

Result<Fd> listen_unix(const std::string& path, int backlog, unsigned mode)
{
    auto made = bind_unix(path, SOCK_STREAM, mode);
    if (made && ::listen(made->number(), backlog) != 0)
        return base::system_error(base::cat("listen ", path), errno);
    return made;
}

Result<Fd> bind_datagram(const std::string& path, unsigned mode)
{
    return bind_unix(path, SOCK_DGRAM, mode);
}

static std::optional<Address> name_of(int fd, int (*ask)(int, sockaddr*, socklen_t*) noexcept)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (ask(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0)
        return std::nullopt;
    return Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), size);
}

std::optional<Address> local_address(int fd)
{
    return name_of(fd, ::getsockname);
}

std::optional<Address> peer_address(int fd)
{
    return name_of(fd, ::getpeername);
}

void set_no_delay(int fd)
{
    int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace net
