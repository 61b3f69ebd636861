// SPDX-License-Identifier: Apache-2.0
// The log lines of the server session; their shapes are read by other programs and do not change.
#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/smtp/server_session_private.h"

namespace smtp {

// Bytes of pipelined input that are shown.
static constexpr std::size_t pipelining_log_limit = 100;

std::string ServerSession::log_id() const
{
    const std::string& id = queue_id();
    return id.empty() ? std::string("NOQUEUE") : id;
}

// "ID: EVENT: STAGE from H: TEXT; from=<s> to=<r> proto=P helo=<h>", with what is known.
void ServerSession::log_event(std::string_view event, std::string_view stage, std::string_view text,
                              std::string_view recipient) const
{
    std::string line = base::cat(log_id(), ": ", event, ": ", stage, " from ",
                                 client_.name_and_address(), ": ", text, ";");
    if (transaction_ && transaction_->mail_seen)
        base::append(line, " from=<", mail::quote_address(transaction_->envelope.sender), ">");
    if (recipient.empty() && transaction_)
        recipient = transaction_->recipient;
    if (!recipient.empty())
        base::append(line, " to=<", mail::quote_address(recipient), ">");
    if (!client_.protocol.empty())
        base::append(line, " proto=", client_.protocol);
    if (!client_.helo.empty())
        base::append(line, " helo=<", client_.helo, ">");
    log_.info(line);
}

// "lost connection after DATA (5 bytes) from H".
void ServerSession::log_end(std::string_view reason, bool is_loss) const
{
    // A client that leaves after its message was answered has nothing left to say.
    if (is_loss && where_ == "END-OF-MESSAGE")
        return;
    std::string bytes;
    if (in_content() && transaction_ && !transaction_->chunk_skipped)
        bytes = base::cat("(", transaction_->content_size, " bytes) ");
    log_.info(reason, " after ", where_, " ", bytes, "from ", client_.name_and_address());
}

void ServerSession::log_pipelining(std::string_view after, std::string_view rest) const
{
    std::string shown;
    for (char c : rest.substr(0, pipelining_log_limit)) {
        if (c == '\r')
            shown.append("\\r");
        else if (c == '\n')
            shown.append("\\n");
        else
            shown.push_back(c);
    }
    log_.info("improper command pipelining after ", after, " from ", client_.name_and_address(),
              ": ", shown);
}

void ServerSession::lost()
{
    log_end("lost connection", true);
}

std::string ServerSession::timed_out()
{
    log_end("timeout", false);
    Step out;
    add_reply(out, base::cat("421 4.4.2 ", settings_.hostname, " Error: timeout exceeded"));
    return std::move(out.output);
}

static void append_count(std::string& line, std::string_view name, std::uint32_t good,
                         std::uint32_t all)
{
    base::append(line, " ", name, "=", good);
    if (good != all)
        base::append(line, "/", all);
}

void ServerSession::disconnected()
{
    reset_transaction();
    std::string line = base::cat("disconnect from ", client_.name_and_address());
    Count total;
    for (std::size_t i = 0; i < verb_count; ++i) {
        total.good += counts_[i].good;
        total.all += counts_[i].all;
        // EXPN has no place of its own in the line that programs know.
        bool as_unknown = i == static_cast<std::size_t>(Verb::Unknown);
        Count count = counts_[i];
        if (as_unknown)
            count.all += counts_[static_cast<std::size_t>(Verb::Expn)].all;
        if (count.all > 0 && i != static_cast<std::size_t>(Verb::Expn))
            append_count(line, base::lower(verbs[i].name), count.good, count.all);
    }
    append_count(line, "commands", total.good, total.all);
    if (total.all == 0)
        line.append("/0");
    if (noted_bare_lf_ && settings_.bare_newline == BareNewline::Note)
        line.append(" notes=bare_lf");
    log_.info(line);
}

} // namespace smtp
