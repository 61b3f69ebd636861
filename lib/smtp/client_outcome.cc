// SPDX-License-Identifier: Apache-2.0
// From what happened in a conversation to what became of a recipient: see the header.
#include "lib/smtp/client_outcome.h"

#include <utility>

#include "lib/base/strings.h"

namespace smtp {

Attempt OutcomeWriter::local(std::string_view dsn, std::string text) const
{
    const bool final = dsn.starts_with('5');
    Attempt attempt;
    attempt.outcome.status = final ? mail::Status::Bounced : mail::Status::Deferred;
    attempt.outcome.dsn = dsn;
    attempt.outcome.text = std::move(text);
    attempt.outcome.relay = server_.relay;
    attempt.outcome.when = clock_.wall();
    attempt.next_host = !final;
    return attempt;
}

Attempt OutcomeWriter::from_reply(const ServerReply& reply, std::string text) const
{
    if (record_ != nullptr)
        record_->refused(reply.code);
    // A code that has no place here, such as 354 for RCPT, is no refusal: doubt is temporary.
    const int reply_class = reply.reply_class();
    const bool known = reply_class == 4 || reply_class == 5;
    Attempt attempt = local(known ? std::string_view(reply.dsn) : "4.5.0", std::move(text));
    attempt.outcome.mta = server_.host;
    attempt.outcome.reply = reply.one_line();
    return attempt;
}

Attempt OutcomeWriter::delivered(const ServerReply& reply) const
{
    Attempt attempt = local(reply.dsn, reply.one_line());
    attempt.outcome.status = mail::Status::Sent;
    attempt.outcome.mta = server_.host;
    attempt.outcome.reply = attempt.outcome.text;
    attempt.outcome.relayed = true;
    attempt.next_host = false;
    return attempt;
}

Attempt OutcomeWriter::said(const ServerReply& reply, ClientStage stage) const
{
    return from_reply(reply, base::cat("host ", server_.display, " said: ", reply.one_line(),
                                       " (in reply to ", stage_info(stage).command, ")"));
}

Attempt OutcomeWriter::refused(const ServerReply& reply, bool only_this_host) const
{
    Attempt attempt = from_reply(
        reply, base::cat("host ", server_.display, " refused to talk to me: ", reply.one_line()));
    if (only_this_host && attempt.outcome.status == mail::Status::Bounced) {
        attempt.outcome.status = mail::Status::Deferred;
        attempt.outcome.dsn[0] = '4';
        attempt.next_host = true;
    }
    return attempt;
}

Attempt OutcomeWriter::broken(WireStatus status, ClientStage stage) const
{
    const std::string_view doing = stage_info(stage).doing;
    switch (status) {
    case WireStatus::Ok: break;
    case WireStatus::Lost:
        return local("4.4.2",
                     base::cat("lost connection with ", server_.display, " while ", doing));
    case WireStatus::TimedOut:
        return local("4.4.2",
                     base::cat("conversation with ", server_.display, " timed out while ", doing));
    case WireStatus::Garbled:
        return local("4.5.0", base::cat("protocol error: unexpected server message from ",
                                        server_.display, " while ", doing));
    }
    if (record_ != nullptr)
        record_->content_failed();
    return local("4.3.0", base::cat("local data error while talking to ", server_.display));
}

} // namespace smtp
