// SPDX-License-Identifier: Apache-2.0
// A live server behind a socket as the peer of a dialogue. What only the stand-ins of EnginePeer
// can show (what was stored, logged, decided) is not looked at here; the replies are.
#pragma once

#include <cstdint>
#include <string>

#include "lib/base/fd.h"
#include "tests/dialogue/peer.h"

namespace dialogue {

class SocketPeer final : public Peer {
public:
    // Connects to a server on the loopback address.
    static base::Result<SocketPeer> connect(std::uint16_t port);

    // The server was configured by whoever started it.
    base::Result<void> configure(std::string_view setting) override;
    base::Result<void> fake(std::string_view what) override;
    void send(std::string_view bytes) override;
    base::Result<std::string> read_line() override;
    void wait(long seconds) override;
    void close() override;
    void time_out() override;
    base::Result<void> expect(std::string_view what) override;

private:
    explicit SocketPeer(base::Fd socket) : socket_(std::move(socket)) {}
    // Bytes read; 0 at the end, -1 when nothing came in time.
    long receive(int milliseconds);

    base::Fd socket_;
    std::string input_;
};

} // namespace dialogue
