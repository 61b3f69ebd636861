// SPDX-License-Identifier: Apache-2.0
// The client engine's connection over a socket.
#pragma once

#include "lib/net/stream.h"
#include "lib/smtp/client_transport.h"

namespace delivery {

class StreamTransport final : public smtp::ClientTransport {
public:
    StreamTransport(events::Loop& loop, base::Fd fd) : stream_(loop, std::move(fd)) {}

    base::Task<smtp::WireStatus> send(std::span<const std::string_view> pieces,
                                      base::Deadline deadline) override;
    base::Task<smtp::WireStatus> send_file(smtp::FileRegion part, base::Deadline deadline) override;
    bool sends_files() const override { return true; }
    base::Task<smtp::Received> receive(std::span<char> into, base::Deadline deadline) override;

    // No wait goes beyond this, whatever its own deadline: the bound on a whole delivery.
    void set_limit(base::Deadline limit) { limit_ = limit; }

    // Whether something came that nobody asked for, or the other side closed: no wait, no reading.
    bool disturbed() const;

private:
    net::Stream stream_;
    base::Deadline limit_ = base::Deadline::never();
};

} // namespace delivery
