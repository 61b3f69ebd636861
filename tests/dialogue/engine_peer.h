// SPDX-License-Identifier: Apache-2.0
// A server session in this process, with stand-ins around it, as the peer of a dialogue.
#pragma once

#include "lib/base/log_sinks.h"
#include "tests/dialogue/fakes.h"
#include "tests/dialogue/peer.h"

namespace dialogue {

class EnginePeer final : public Peer {
public:
    EnginePeer();
    ~EnginePeer() override;
    base::Result<void> configure(std::string_view setting) override;
    base::Result<void> fake(std::string_view what) override;
    void send(std::string_view bytes) override;
    base::Result<std::string> read_line() override;
    void wait(long seconds) override;
    void close() override;
    void time_out() override;
    base::Result<void> expect(std::string_view what) override;

private:
    void start();
    void finish();
    bool logged(std::string_view text) const;
    std::string log_text() const;
    base::Result<void> expect_message(std::string_view what, std::string_view value);

    fake::Server server_;
    std::string early_;
    base::MemoryLogSink log_;
    base::LogSink* log_before_;
    base::ManualClock clock_;
};

} // namespace dialogue
