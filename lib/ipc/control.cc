// SPDX-License-Identifier: Apache-2.0
// Packets between master and workers; see control.h.
#include "lib/ipc/control.h"

#include <cerrno>
#include <sys/socket.h>

namespace ipc::control {

static constexpr std::size_t report_size = 5;

static base::Result<void> send_packet(int fd, const unsigned char* bytes, std::size_t size)
{
    if (::send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT) != static_cast<ssize_t>(size))
        return base::system_error("control socket", errno);
    return {};
}

static base::Result<void> receive_packet(int fd, unsigned char* bytes, std::size_t size)
{
    ssize_t got = ::recv(fd, bytes, size, MSG_DONTWAIT | MSG_TRUNC);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return base::temporary("again");
    if (got != static_cast<ssize_t>(size))
        return base::permanent("control socket: the other end is gone");
    return {};
}

base::Result<void> send_report(int fd, Report report)
{
    unsigned char packet[report_size] = {static_cast<unsigned char>(report.state)};
    for (int i = 0; i < 4; ++i)
        packet[1 + i] = static_cast<unsigned char>(report.clients >> (8 * i));
    return send_packet(fd, packet, sizeof packet);
}

base::Result<void> send_order(int fd, Order order)
{
    auto packet = static_cast<unsigned char>(order);
    return send_packet(fd, &packet, 1);
}

base::Result<Report> receive_report(int fd)
{
    unsigned char packet[report_size];
    if (auto got = receive_packet(fd, packet, sizeof packet); !got)
        return got.error();
    if (packet[0] > static_cast<unsigned char>(State::Retiring))
        return base::permanent("control socket: unknown state");
    Report report{static_cast<State>(packet[0]), 0};
    for (int i = 0; i < 4; ++i)
        report.clients |= static_cast<std::uint32_t>(packet[1 + i]) << (8 * i);
    return report;
}

base::Result<Order> receive_order(int fd)
{
    unsigned char packet;
    if (auto got = receive_packet(fd, &packet, 1); !got)
        return got.error();
    if (packet > static_cast<unsigned char>(Order::Wakeup))
        return base::permanent("control socket: unknown order");
    return static_cast<Order>(packet);
}

} // namespace ipc::control
