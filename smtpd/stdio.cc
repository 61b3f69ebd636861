// SPDX-License-Identifier: Apache-2.0
// Standard input and output as a socket; see stdio.h.
#include "smtpd/stdio.h"

#include <cerrno>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/net/stream.h"

namespace smtpd {

using base::Deadline;
using base::Task;

static bool is_socket(int fd)
{
    struct stat found {};
    return ::fstat(fd, &found) == 0 && S_ISSOCK(found.st_mode);
}

static Task<void> carry_input(events::Watch& input, net::Stream& to)
{
    std::string buffer(net::Stream::read_size, '\0');
    while (true) {
        ssize_t got = ::read(input.fd(), buffer.data(), buffer.size());
        if (got < 0 && errno == EAGAIN) {
            co_await input.readable(Deadline::never());
            continue;
        }
        if (got <= 0)
            break;
        std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
        net::Io sent = co_await to.send(bytes, Deadline::never());
        if (sent != net::Io::Ok)
            co_return;
    }
    ::shutdown(to.fd(), SHUT_WR);
}

// Writes to a person or to a program that waits for it: it may block.
static bool write_all(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0)
            bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

static Task<void> carry_output(net::Stream& from, int output)
{
    while (true) {
        net::Io got = co_await from.fill(Deadline::never());
        if (got != net::Io::Ok || !write_all(output, from.buffered()))
            co_return;
        from.consume(from.buffered().size());
    }
}

Task<void> serve_stdio(events::Loop& loop, base::Fd input, base::Fd output,
                       std::function<Task<void>(base::Fd)> serve)
{
    if (is_socket(input.number())) {
        co_await serve(std::move(input));
        co_return;
    }
    auto pair = base::socket_pair(SOCK_STREAM);
    if (!pair)
        base::fatal(pair.error().text);
    net::Stream stream(loop, std::move(pair->first));
    events::Watch from(loop, input.number());
    base::Scope beside;
    beside.spawn(serve(std::move(pair->second)));
    beside.spawn(carry_input(from, stream));
    co_await carry_output(stream, output.number());
}

} // namespace smtpd
