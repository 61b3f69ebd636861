// SPDX-License-Identifier: Apache-2.0
// The live peer; see socket_peer.h.
#include "tests/dialogue/socket_peer.h"

#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace dialogue {

using base::Result;

namespace {

constexpr int answer_time = 20'000; // Milliseconds; tarpits of a few seconds included.
constexpr int silence_time = 300;

} // namespace

Result<SocketPeer> SocketPeer::connect(std::uint16_t port)
{
    base::Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!fd || ::connect(fd.number(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
        return base::system_error(base::cat("connect to port ", port), errno);
    return SocketPeer{std::move(fd)};
}

Result<void> SocketPeer::configure(std::string_view)
{
    return {};
}

Result<void> SocketPeer::fake(std::string_view what)
{
    return base::permanent(base::cat("a live server has no stand-in: fake ", what));
}

void SocketPeer::send(std::string_view bytes)
{
    // A server that has closed already is seen by the next read.
    while (!bytes.empty()) {
        ssize_t put = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (put <= 0)
            return;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

long SocketPeer::receive(int milliseconds)
{
    pollfd readable{socket_.number(), POLLIN, 0};
    if (::poll(&readable, 1, milliseconds) <= 0)
        return -1;
    char buffer[4096];
    ssize_t got = ::recv(socket_.number(), buffer, sizeof buffer, 0);
    if (got > 0)
        input_.append(buffer, static_cast<std::size_t>(got));
    return got > 0 ? got : 0;
}

Result<std::string> SocketPeer::read_line()
{
    while (true) {
        auto end = input_.find("\r\n");
        if (end != std::string::npos) {
            std::string line = input_.substr(0, end);
            input_.erase(0, end + 2);
            return line;
        }
        long got = receive(answer_time);
        if (got <= 0)
            return base::permanent(got == 0 ? "the server closed" : "no reply in time");
    }
}

void SocketPeer::wait(long seconds)
{
    ::sleep(static_cast<unsigned>(seconds));
}

void SocketPeer::close()
{
    ::shutdown(socket_.number(), SHUT_RDWR);
}

void SocketPeer::time_out() {}

Result<void> SocketPeer::expect(std::string_view what)
{
    if (what == "closed") {
        while (true) {
            long got = receive(answer_time);
            if (got == 0)
                return {};
            if (got < 0)
                return base::permanent("the connection is still open");
        }
    }
    if (what == "silence" && (!input_.empty() || receive(silence_time) > 0))
        return base::permanent(base::cat("got: ", input_));
    return {};
}

} // namespace dialogue
