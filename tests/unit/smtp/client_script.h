// SPDX-License-Identifier: Apache-2.0
// A server played from a script, for tests of the SMTP client: dialogue files with roles swapped.
//   S: text      the server sends this line
//   S+ text      the same without its line end
//   C: text      the client must have sent this line
//   close        the server closes
//   timeout      the server says nothing until the deadline
//   broken       from here on, sending fails
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/smtp/client_session.h"
#include "lib/smtp/client_transport.h"

namespace smtp::test {

class ScriptedServer final : public ClientTransport {
public:
    explicit ScriptedServer(std::string_view script);

    base::Task<WireStatus> send(std::span<const std::string_view> pieces,
                                base::Deadline deadline) override;
    base::Task<Received> receive(std::span<char> into, base::Deadline deadline) override;

    // At most this many bytes are given at once.
    void set_drip(std::size_t bytes) { drip_ = bytes; }

    // What the client did against the script, or left undone; empty is well.
    std::string complaint();

    // One word per transport call: "send", "receive".
    const std::vector<std::string>& calls() const { return calls_; }
    void forget_calls() { calls_.clear(); }
    const std::string& all_sent() const { return all_sent_; }
    base::Deadline last_deadline() const { return deadline_; }

private:
    void match();
    void gather();

    std::vector<std::string> steps_;
    std::size_t next_ = 0;
    std::string sent_; // Not matched yet.
    std::string all_sent_;
    std::string ready_; // To be received.
    std::string complaint_;
    std::vector<std::string> calls_;
    std::size_t drip_ = SIZE_MAX;
    base::Deadline deadline_ = base::Deadline::never();
};

// Content out of a string, in chunks of `chunk` bytes.
class StringContent final : public ContentSource {
public:
    explicit StringContent(std::string text, std::size_t chunk = 64 * 1024)
        : text_(std::move(text)), chunk_(chunk)
    {
    }
    base::Task<base::Result<ContentChunk>> next() override;
    void fail_at(std::size_t offset) { fail_at_ = offset; }

private:
    std::string text_;
    std::size_t chunk_;
    std::size_t at_ = 0;
    std::size_t fail_at_ = SIZE_MAX;
};

// Facts that are true for `text`.
ContentFacts facts_of(std::string_view text);

// A session with a scripted server, and all it needs.
struct Conversation {
    explicit Conversation(std::string_view script) : server(script) {}

    std::optional<Attempt> open();
    DeliveryReport deliver(std::string content);
    DeliveryReport probe_addresses();
    WireStatus authenticate(std::string_view line);
    void quit();

    void set_recipients(const std::vector<std::string>& addresses);

    ScriptedServer server;
    ClientSettings settings = default_settings();
    RemoteServer remote{"mx.example", "mx.example[192.0.2.1]", "mx.example[192.0.2.1]:25",
                        "example.org", false};
    base::ManualClock clock;
    base::Log log;
    mail::Envelope envelope = default_envelope();
    std::vector<mail::Recipient> recipients;
    std::size_t chunk = 64 * 1024;
    std::size_t content_fails_at = SIZE_MAX;
    ClientSession session{ClientContext{settings, remote, server, clock, log}};

    static ClientSettings default_settings();
    static mail::Envelope default_envelope();
};

} // namespace smtp::test
