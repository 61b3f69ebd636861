// SPDX-License-Identifier: Apache-2.0
// One message in a client conversation, from MAIL to the reply after the final dot. Private to
// lib/smtp; ClientSession is the door.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/mail/mime_downgrade.h"
#include "lib/smtp/client_commands.h"
#include "lib/smtp/client_session.h"

namespace smtp {

class ClientDelivery {
public:
    struct Parts {
        const ClientContext& context;
        ClientWire& wire;
        const OutcomeWriter& outcomes;
        const Capabilities& capabilities;
        bool authenticated;
    };

    ClientDelivery(const Parts& parts, const ClientMessage& message);

    base::Task<void> run();

    DeliveryReport take_report() { return std::move(report_); }
    // MAIL was accepted, and nothing has ended the transaction since: RSET is due.
    bool transaction_open() const { return transaction_open_; }
    // The wire failed before the first reply.
    bool unanswered() const { return wire_.dead() && sent_commands_ && !answered_; }

private:
    enum class RcptState : std::uint8_t { Pending, Unsendable, Accepted, Resolved };

    // Commands are numbered: 0 is MAIL, 1 to n are RCPT, n + 1 is DATA.
    ClientStage stage_of(std::size_t command) const;
    bool skipped(std::size_t command) const;
    bool worth_going_on() const;

    bool refuse_beforehand();
    bool needs_smtputf8() const;
    void refuse_bad_recipients();

    base::Task<bool> envelope();
    base::Task<bool> batch_replies(std::size_t first);
    void fill_batch();
    void append_command(std::size_t command);
    void on_reply(std::size_t command);
    void on_rcpt_reply(std::size_t index);
    void on_data_reply();

    base::Task<void> finish_without_recipients();
    base::Task<bool> content();
    base::Task<bool> content_from_file(FileRegion region);
    base::Task<WireStatus> send_chunk(ContentChunk chunk);
    bool convert(ContentChunk chunk);
    base::Task<void> body_failed(WireStatus status);
    base::Task<void> final_replies();

    void resolve(std::size_t index, Attempt attempt);
    void resolve_all(Attempt attempt);
    void wire_failed(WireStatus status, ClientStage stage);

    const ClientContext& context_;
    ClientWire& wire_;
    const OutcomeWriter& outcomes_;
    const ClientMessage& message_;
    const CommandStyle style_;
    const bool pipelining_;
    const bool downgrade_;
    const bool raw_; // Content goes out as it is stored.

    DeliveryReport report_;
    std::vector<RcptState> states_;
    std::size_t next_command_ = 0;
    std::size_t command_count_;
    std::size_t accepted_ = 0;
    std::size_t pending_;
    bool sent_commands_ = false;
    bool answered_ = false;
    bool transaction_open_ = false;
    bool mail_refused_ = false;
    bool accepted_without_mail_ = false;
    bool data_open_ = false;

    ContentFilter filter_;
    mail::MimeDowngrade mime_;
    std::string converted_;
};

} // namespace smtp
