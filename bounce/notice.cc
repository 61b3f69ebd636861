// SPDX-License-Identifier: Apache-2.0
// The text of notices; see notice.h.
#include "bounce/notice.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/date.h"
#include "lib/mail/wrap.h"
#include "lib/mail/xtext.h"
#include "lib/smtp/client_commands.h"

namespace bounce {

using config::NoticeText;
using ipc::bounce::Kind;
using ipc::bounce::Report;

namespace {

struct Words {
    NoticeText text;
    std::string_view name;     // In the log, after "sender" or "postmaster".
    std::string_view returned; // Description of the third part.
};

const Words& words(Kind kind)
{
    static constexpr Words table[] = {
        {NoticeText::Failure, "non-delivery notification", "Undelivered Message"},
        {NoticeText::Delay, "delay notification", "Undelivered Message"},
        {NoticeText::Success, "delivery status notification", "Message"},
        {NoticeText::Verify, "delivery status notification", "Message"},
        {NoticeText::Verify, "delivery status notification", "Message"},
    };
    return table[static_cast<std::size_t>(kind)];
}

// RFC 3464 2.3.3. A recipient that was only asked about is "deliverable" or not, as in Postfix.
std::string_view action_of(Kind kind, const mail::Outcome& outcome)
{
    switch (kind) {
    case Kind::Failure: return "failed";
    case Kind::Delay: return "delayed";
    case Kind::Verified:
        return outcome.status == mail::Status::Sent ? "deliverable" : "undeliverable";
    case Kind::Success:
    case Kind::Recorded: break;
    }
    switch (outcome.status) {
    case mail::Status::Queued:
    case mail::Status::Deferred: return "delayed";
    case mail::Status::Bounced: return "failed";
    case mail::Status::Expanded: return "expanded";
    case mail::Status::Sent: break;
    }
    return outcome.relayed ? "relayed" : "delivered";
}

std::string quoted(std::string_view address)
{
    std::string out;
    smtp::append_quoted_address(out, address);
    return out;
}

// What happened, and in reports of success also by which way.
std::string explained(Kind kind, const mail::Outcome& outcome)
{
    const bool expanded = kind == Kind::Success && outcome.status == mail::Status::Expanded;
    const std::string text = expanded ? "alias expanded" : outcome.text;
    const bool passed = kind != Kind::Failure && kind != Kind::Delay && !outcome.relay.empty() &&
                        outcome.relay != "none";
    return passed ? base::cat("delivery via ", outcome.relay, ": ", text) : text;
}

// RFC 3464 2.3.6: of what type the diagnostic code is, and the code.
std::string diagnostic(const Identity& identity, Kind kind, const mail::Outcome& outcome)
{
    if (!outcome.reply.empty())
        return base::cat(outcome.mta.empty() ? "x-unix; " : "smtp; ", outcome.reply);
    return base::cat("X-", identity.field_name(), "; ", explained(kind, outcome));
}

// RFC 6533 3: where UTF-8 may stand, an address of that type stands as it is.
std::string original_recipient(std::string_view typed, bool utf8)
{
    const bool encoded = utf8 && base::istarts_with(typed, "utf-8;");
    return encoded ? mail::decode_embedded_unicode(typed) : std::string(typed);
}

std::string wire_lines(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        std::string_view line = base::cut(text, '\n');
        do {
            base::append(out, line.substr(0, config::template_line_bytes), "\r\n");
            line.remove_prefix(std::min(line.size(), config::template_line_bytes));
        } while (!line.empty());
    }
    return out;
}

} // namespace

// A field name has no blanks (RFC 5322 2.2). Programs that read notices look for Postfix's name, so
// ours comes only where it was chosen.
std::string Identity::field_name() const
{
    if (mail_name.empty() || mail_name == "Posthouse")
        return "Postfix";
    std::string out = mail_name;
    for (char& c : out)
        c = base::is_alnum(c) || c == '-' || c == '_' ? c : '-';
    return out;
}

std::string notice_name(Kind kind, bool postmaster)
{
    return base::cat(postmaster ? "postmaster " : "sender ", words(kind).name);
}

Texts make_texts(const config::NoticeTemplates& templates, const config::MainCf& main,
                 bool utf8_enabled, config::Faults& faults)
{
    Texts texts;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto which = static_cast<NoticeText>(i);
        const auto& notice = templates.of(which);
        const std::string body = config::expand_notice_text(which, notice, main, faults);
        const bool ascii = base::iequals(notice.charset, "us-ascii");
        const bool utf8 = ascii && (utf8_enabled || !base::is_ascii(body));
        texts[i] = {utf8 ? "utf-8" : notice.charset, notice.from, notice.subject,
                    notice.postmaster_subject, wire_lines(body)};
    }
    return texts;
}

Notice::Notice(const Identity& identity, const Texts& texts, const NoticeFacts& facts,
               const mail::Envelope& original)
    : identity_(identity), text_(texts[static_cast<std::size_t>(words(facts.kind).text)]),
      facts_(facts), original_(original)
{
}

// Foreign bytes as one line.
std::string Notice::line(std::string_view text) const
{
    return base::printable(text, facts_.utf8);
}

std::string Notice::head(Reports reports) const
{
    std::string out;
    header(out);
    explanation(out, reports);
    status(out, reports);
    returned_head(out);
    return out;
}

// cleanup adds the Message-Id, and a domain to addresses without one.
void Notice::header(std::string& to) const
{
    const std::string date = mail::header_date(facts_.now);
    base::append(to, "Received: by ", identity_.myhostname, " (", identity_.mail_name, ")\r\n\tid ",
                 facts_.notice_id, "; ", date, "\r\n");
    base::append(to, "Date: ", date, "\r\nFrom: ", text_.from,
                 "\r\nSubject: ", facts_.postmaster ? text_.postmaster_subject : text_.subject,
                 "\r\nTo: ", line(quoted(facts_.to)), "\r\n");
    if (!facts_.message_id.empty())
        base::append(to, "References: ", facts_.message_id, "\r\nIn-Reply-To: ", facts_.message_id,
                     "\r\n");
    base::append(to, "Auto-Submitted: ", facts_.postmaster ? "auto-generated" : "auto-replied",
                 "\r\nMIME-Version: 1.0\r\n");
    base::append(to, "Content-Type: multipart/report; report-type=",
                 facts_.utf8 ? "global-delivery-status" : "delivery-status", ";\r\n\tboundary=\"",
                 facts_.boundary, "\"\r\n");
    if (says_eight_bit())
        to += "Content-Transfer-Encoding: 8bit\r\n";
    to += "\r\nThis is a MIME-encapsulated message.\r\n";
}

void Notice::part(std::string& to, std::string_view description, std::string_view type) const
{
    base::append(to, "\r\n--", facts_.boundary, "\r\nContent-Description: ", description,
                 "\r\nContent-Type: ", type, "\r\n");
}

void Notice::explanation(std::string& to, Reports reports) const
{
    part(to, "Notification",
         base::cat("text/plain; charset=", facts_.utf8 ? "utf-8" : text_.charset));
    if (says_eight_bit() || !base::is_ascii(text_.body))
        to += "Content-Transfer-Encoding: 8bit\r\n";
    base::append(to, "\r\n", facts_.postmaster ? std::string_view{} : text_.body, "\r\n");
    for (const Report* report : reports) {
        const mail::Recipient& r = report->recipient;
        std::string text = base::cat("<", r.address, ">");
        if (!r.original.empty() && r.original != r.address)
            base::append(text, " (expanded from <", r.original, ">)");
        base::append(text, ": ", explained(facts_.kind, report->outcome));
        mail::append_wrapped(to, base::printable(text, says_utf8()));
        if (report != reports.back())
            to += "\r\n";
    }
}

// RFC 3464 2.2: fields of the message as a whole, then a block for each recipient.
void Notice::status(std::string& to, Reports reports) const
{
    const std::string name = identity_.field_name();
    const std::string sender =
        original_.sender.empty() ? identity_.daemon_address() : quoted(original_.sender);
    part(to, "Delivery report",
         facts_.utf8 ? "message/global-delivery-status" : "message/delivery-status");
    if (facts_.utf8)
        to += "Content-Transfer-Encoding: 8bit\r\n";
    base::append(to, "\r\nReporting-MTA: dns; ", identity_.myhostname, "\r\n");
    if (!original_.dsn_envid.empty())
        base::append(to, "Original-Envelope-Id: ", line(original_.dsn_envid), "\r\n");
    base::append(to, "X-", name, "-Queue-ID: ", facts_.original_id, "\r\nX-", name,
                 "-Sender: ", base::is_ascii(sender) ? "rfc822; " : "utf-8; ", line(sender),
                 "\r\n");
    base::append(to, "Arrival-Date: ", mail::header_date(original_.arrival), "\r\n");
    for (const Report* report : reports)
        recipient_status(to, *report);
}

void Notice::recipient_status(std::string& to, const Report& report) const
{
    const mail::Recipient& r = report.recipient;
    const mail::Outcome& o = report.outcome;
    base::append(to, "\r\nFinal-Recipient: ", base::is_ascii(r.address) ? "rfc822; " : "utf-8; ",
                 line(quoted(r.address)), "\r\n");
    if (!r.dsn_orcpt.empty())
        base::append(to, "Original-Recipient: ", line(original_recipient(r.dsn_orcpt, facts_.utf8)),
                     "\r\n");
    else if (!r.original.empty())
        base::append(to, "Original-Recipient: ", base::is_ascii(r.original) ? "rfc822;" : "utf-8;",
                     line(quoted(r.original)), "\r\n");
    base::append(to, "Action: ", action_of(facts_.kind, o),
                 "\r\nStatus: ", o.dsn.empty() ? "5.0.0" : o.dsn, "\r\n");
    if (!o.mta.empty())
        base::append(to, "Remote-MTA: dns; ", line(o.mta), "\r\n");
    mail::append_wrapped(
        to, base::cat("Diagnostic-Code: ", line(diagnostic(identity_, facts_.kind, o))));
    if (facts_.kind == Kind::Delay && facts_.retry_until != base::WallTime{})
        base::append(to, "Will-Retry-Until: ", mail::header_date(facts_.retry_until), "\r\n");
    // RFC 3464 2.4: an extension field, for readers who need not guess from the reply.
    if (o.failure.kind != mail::FailureClass::None)
        base::append(to, "X-Posthouse-Failure-Class: ", mail::failure_text(o.failure), "\r\n");
}

// Above what is returned stands the sender it came from.
void Notice::returned_head(std::string& to) const
{
    const std::string description(words(facts_.kind).returned);
    switch (facts_.returned) {
    case Returned::Nothing: return;
    case Returned::Headers:
        part(to, description + " Headers",
             facts_.utf8 ? "message/global-headers" : "text/rfc822-headers");
        break;
    case Returned::Message:
        part(to, description, facts_.utf8 ? "message/global" : "message/rfc822");
        break;
    }
    if (says_eight_bit())
        to += "Content-Transfer-Encoding: 8bit\r\n";
    base::append(to, "\r\nReturn-Path: <",
                 original_.sender.empty() ? identity_.daemon_address()
                                          : line(quoted(original_.sender)),
                 ">\r\n");
}

std::string Notice::tail(bool line_open) const
{
    return base::cat(line_open ? "\r\n" : "", "\r\n--", facts_.boundary, "--\r\n");
}

} // namespace bounce
