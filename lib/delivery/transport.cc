// SPDX-License-Identifier: Apache-2.0
// The client engine's connection over a socket; see transport.h.
#include "lib/delivery/transport.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace delivery {

using base::Task;
using smtp::WireStatus;

static WireStatus status_of(net::Io io)
{
    switch (io) {
    case net::Io::Ok: return WireStatus::Ok;
    case net::Io::Lost: return WireStatus::Lost;
    case net::Io::TimedOut: return WireStatus::TimedOut;
    }
    return WireStatus::Lost;
}

Task<WireStatus> StreamTransport::send(std::span<const std::string_view> pieces,
                                       base::Deadline deadline)
{
    const base::Deadline limit = deadline.earlier(limit_);
    while (pieces.size() > 2) {
        stream_.write(pieces.front());
        pieces = pieces.subspan(1);
    }
    const std::string_view first = pieces.empty() ? std::string_view{} : pieces.front();
    const std::string_view second = pieces.size() < 2 ? std::string_view{} : pieces.back();
    const net::Io sent = co_await stream_.send_two(first, second, limit);
    co_return status_of(sent);
}

Task<WireStatus> StreamTransport::send_file(smtp::FileRegion part, base::Deadline deadline)
{
    const net::Io sent = co_await stream_.send_file(part.fd, static_cast<off_t>(part.offset),
                                                    part.size, deadline.earlier(limit_));
    co_return status_of(sent);
}

Task<smtp::Received> StreamTransport::receive(std::span<char> into, base::Deadline deadline)
{
    if (stream_.buffered().empty()) {
        const net::Io got = co_await stream_.fill(deadline.earlier(limit_));
        if (got != net::Io::Ok)
            co_return smtp::Received{status_of(got), 0};
    }
    const std::string_view here = stream_.buffered();
    const std::size_t count = std::min(here.size(), into.size());
    std::memcpy(into.data(), here.data(), count);
    stream_.consume(count);
    co_return smtp::Received{WireStatus::Ok, count};
}

bool StreamTransport::disturbed() const
{
    char byte = 0;
    return ::recv(stream_.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
}

} // namespace delivery
