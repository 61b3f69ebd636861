// SPDX-License-Identifier: Apache-2.0
// The client's side of an SMTP (RFC 5321) or LMTP (RFC 2033) conversation, over a connection that
// somebody else has made. One session delivers any number of messages, one after the other.
//
// How a driver uses it:
//   open()                     greeting and EHLO; a value is why the host is of no use
//   start_tls(), hello()       if it wants TLS: start_tls(), its handshake, then hello() again
//   exchange(Auth, ...)        if it wants to authenticate, then set_authenticated()
//   deliver(message)           as often as reusable() says so
//   probe()                    before deliver() after a long pause, if wanted
//   quit()                     in the end
// Destroying the session, or a task of it, breaks the conversation off.
//
// Nothing here knows sockets, files or the real time. Not done here: AUTH mechanisms, TLS,
// XFORWARD, and choosing hosts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/mail/envelope.h"
#include "lib/smtp/client_capabilities.h"
#include "lib/smtp/client_content.h"
#include "lib/smtp/client_outcome.h"
#include "lib/smtp/client_wire.h"

namespace smtp {

// One message for one server; everything it refers to outlives the delivery.
struct ClientMessage {
    const mail::Envelope& envelope;
    std::span<const mail::Recipient> recipients;
    ContentFacts facts;
    ContentSource* content = nullptr; // Null: an address probe, which ends after RCPT.
};

struct DeliveryReport {
    std::vector<Attempt> attempts; // One for each recipient, in their order.

    // The connection was used before, and was gone before this message met with any reply. No
    // recipient counts as tried: take a new connection to the same host.
    bool stale_connection = false;

    // The content was sent with its end, but the answer did not arrive: the deferred recipients
    // may get the message twice.
    bool may_be_duplicate = false;

    bool folded_lines = false; // Lines were longer than line_length_limit.
};

class ClientSession {
public:
    // What the context refers to outlives the session.
    explicit ClientSession(const ClientContext& context);
    ClientSession(const ClientSession&) = delete;
    ClientSession& operator=(const ClientSession&) = delete;

    // Reads the greeting and introduces us. Nothing returned is success; an attempt is the result
    // of all recipients with this host.
    base::Task<std::optional<Attempt>> open();

    // EHLO, HELO or LHLO; forgets what was known of the server.
    base::Task<std::optional<Attempt>> hello();

    // Sends STARTTLS. On success the next byte in either direction belongs to the TLS handshake;
    // a server that sent more than its reply in plain text is given up (a response injection).
    base::Task<std::optional<Attempt>> start_tls();

    // Sends any command (one line, without CRLF) and waits; reply() has the answer.
    base::Task<WireStatus> exchange(ClientStage stage, std::string_view line);
    const ServerReply& reply() const { return wire_.reply(); }
    void set_authenticated() { authenticated_ = true; }

    // Sends a message, or as much of it as the server lets us.
    base::Task<DeliveryReport> deliver(const ClientMessage& message);

    // Sends RSET; true when the server still answers well.
    base::Task<bool> probe();

    // Sends QUIT, and waits for the reply unless skip_quit_response.
    base::Task<void> quit();

    // True when a message, or another one, may be sent: hello() went well, nothing has failed, the
    // server has not said 421, and neither reuse limit is reached.
    bool reusable() const;

    const Capabilities& capabilities() const { return capabilities_; }
    ClientStage stage() const { return wire_.stage(); }
    std::size_t messages() const { return messages_; }

    // What was said since the beginning, or since forget_record(); null without
    // ClientSettings::keep_record.
    const ClientRecord* record() const { return record_.get(); }
    void forget_record() { *record_ = {}; }
    base::MonoTime opened() const { return opened_; }

private:
    bool wants_ehlo() const;
    std::optional<Attempt> learn();
    base::Task<bool> clear_transaction();

    const ClientContext context_;
    const std::unique_ptr<ClientRecord> record_;
    OutcomeWriter outcomes_;
    ClientWire wire_;
    Capabilities capabilities_;
    base::MonoTime opened_;
    std::size_t messages_ = 0;
    bool greeted_esmtp_ = false;
    bool ready_ = false; // EHLO, HELO or LHLO went well.
    bool authenticated_ = false;
    bool transaction_open_ = false;
};

} // namespace smtp
