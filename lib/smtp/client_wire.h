// SPDX-License-Identifier: Apache-2.0
// The lower half of the client engine: commands out in batches, replies in one by one, each with
// its deadline. Knows stages and time limits, but not what a reply means for anybody's mail.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/log.h"
#include "lib/base/task.h"
#include "lib/smtp/client_record.h"
#include "lib/smtp/client_settings.h"
#include "lib/smtp/client_transport.h"
#include "lib/smtp/reply_parser.h"

namespace smtp {

// The collaborators of a session; all outlive it.
struct ClientContext {
    const ClientSettings& settings;
    const RemoteServer& server;
    ClientTransport& transport;
    const base::Clock& clock;
    const base::Log& log;
};

class ClientWire {
public:
    // What is said is noted in `record`, if any.
    explicit ClientWire(const ClientContext& context, ClientRecord* record = nullptr)
        : context_(context), record_(record)
    {
    }
    ClientWire(const ClientWire&) = delete;
    ClientWire& operator=(const ClientWire&) = delete;

    // Commands, or content, that the next flush() sends.
    std::string& out() { return out_; }

    // Sends out() and empties it.
    base::Task<WireStatus> flush(ClientStage stage);

    // Sends `pieces` past out(), which is empty; for content that nobody copies.
    base::Task<WireStatus> send(std::span<const std::string_view> pieces, ClientStage stage);

    // Sends part of a file, when the transport can.
    bool sends_files() const { return context_.transport.sends_files(); }
    base::Task<WireStatus> send_file(FileRegion part, ClientStage stage);

    // Waits for one reply; reply() holds it until the next call.
    base::Task<WireStatus> receive_reply(ClientStage stage);
    const ServerReply& reply() const { return parser_.reply(); }

    // The same without waiting: nothing when the reply is not here yet. Then, and only then,
    // receive_reply() follows, which goes on where this stopped.
    std::optional<WireStatus> buffered_reply(ClientStage stage);

    // After a failed send: waits a short while for what the server may have said before it closed.
    base::Task<WireStatus> receive_last_reply();

    // Sends one command, which must have no CRLF, and waits for its reply.
    base::Task<WireStatus> command(ClientStage stage, std::string_view line);

    // Bytes that came before they were asked for: what follows must not be taken for an answer.
    bool has_unread() const { return begin_ < end_; }

    // A dead wire takes no further part; any failure, and 421, kills it.
    bool dead() const { return dead_; }
    void kill() { dead_ = true; }

    // Gives back memory that only large output needs.
    void trim();

    // What is being done, or was last done; the driver's timeouts and logs name it.
    ClientStage stage() const { return stage_; }

private:
    bool parse_buffered();
    void note_sent(std::span<const std::string_view> pieces, ClientStage stage);
    WireStatus judge();
    WireStatus fail(WireStatus status);

    const ClientContext context_;
    ClientRecord* const record_;
    std::string out_;
    std::array<char, 4096> in_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    ReplyParser parser_;
    bool reply_begun_ = false;
    ClientStage stage_ = ClientStage::Greeting;
    bool dead_ = false;
};

} // namespace smtp
