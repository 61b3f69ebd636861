// SPDX-License-Identifier: Apache-2.0
// The text of notices; see notice.h.
#include "bounce/notice.h"

#include "lib/base/strings.h"
#include "lib/mail/date.h"
#include "lib/mail/message_id.h"
#include "lib/smtp/client_commands.h"

namespace bounce {

using ipc::bounce::Kind;
using ipc::bounce::Report;

namespace {

constexpr std::size_t line_width = 78;

struct Words {
    std::string_view subject;
    std::string_view name;
    std::string_view action;   // RFC 3464 2.3.3
    std::string_view returned; // Description of the third part.
    std::string_view text;     // For a person; lines ended by CRLF.
};

constexpr std::string_view failure_text =
    "Your message did not reach one or more of its recipients, and the mail\r\n"
    "system has given up trying. Each of them is listed below with the reason;\r\n"
    "the message itself, or its header, is attached.\r\n"
    "\r\n"
    "If you need help, please write to postmaster and include this notice.\r\n";

constexpr std::string_view delay_text =
    "THIS IS ONLY A WARNING. YOU DO NOT NEED TO SEND YOUR MESSAGE AGAIN.\r\n"
    "\r\n"
    "Your message has not reached one or more of its recipients yet. The mail\r\n"
    "system will go on trying, and tells you if it has to give up.\r\n"
    "\r\n"
    "If you need help, please write to postmaster and include this notice.\r\n";

constexpr std::string_view success_text =
    "Your message reached the recipients below, as you wished to be told. What\r\n"
    "happens to it at its destination is not known here.\r\n";

const Words& words(Kind kind)
{
    static constexpr Words table[] = {
        {"Undelivered Mail Returned to Sender", "sender non-delivery notification", "failed",
         "Undelivered Message", failure_text},
        {"Delayed Mail (still being retried)", "sender delay notification", "delayed",
         "Undelivered Message", delay_text},
        {"Successful Mail Delivery Report", "sender delivery status notification", "delivered",
         "Message", success_text},
    };
    return table[static_cast<std::size_t>(kind)];
}

std::string quoted(std::string_view address)
{
    std::string out;
    smtp::append_quoted_address(out, address);
    return out;
}

} // namespace

std::string_view notice_subject(Kind kind)
{
    return words(kind).subject;
}

std::string_view notice_name(Kind kind)
{
    return words(kind).name;
}

void append_wrapped(std::string& to, std::string_view text)
{
    constexpr std::string_view indent = "    ";
    std::size_t column = 0;
    for (std::string_view word : base::split(text, " ")) {
        if (column > 0 && column + 1 + word.size() > line_width) {
            base::append(to, "\r\n", indent);
            column = indent.size();
        } else if (column > 0) {
            to += ' ';
            ++column;
        }
        // A line has at most 998 bytes (RFC 5322 2.1.1), whatever a server has said.
        word = word.substr(0, 900);
        to += word;
        column += word.size();
    }
    to += "\r\n";
}

// Foreign bytes as one line.
std::string Notice::line(std::string_view text) const
{
    return base::printable(text, facts_.utf8);
}

std::string Notice::head(std::span<const Report> reports) const
{
    std::string out;
    header(out);
    explanation(out, reports);
    status(out, reports);
    returned_head(out);
    return out;
}

void Notice::header(std::string& to) const
{
    const std::string& host = identity_.myhostname;
    const std::string date = mail::header_date(facts_.now);
    base::append(to, "Received: by ", host, " (", identity_.mail_name, ")\r\n\tid ",
                 facts_.notice_id, "; ", date, "\r\n");
    base::append(to, "Date: ", date, "\r\nFrom: MAILER-DAEMON@", host,
                 " (Mail Delivery System)\r\nSubject: ", words(facts_.kind).subject,
                 "\r\nTo: ", line(quoted(original_.sender)),
                 "\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n");
    base::append(to, "Content-Type: multipart/report; report-type=",
                 facts_.utf8 ? "global-delivery-status" : "delivery-status", ";\r\n\tboundary=\"",
                 facts_.boundary, "\"\r\n");
    if (facts_.eight_bit || facts_.utf8)
        to += "Content-Transfer-Encoding: 8bit\r\n";
    base::append(to, "Message-Id: ", mail::make_message_id(facts_.now, facts_.notice_id, host),
                 "\r\n\r\nThis is a MIME-encapsulated message.\r\n");
}

void Notice::part(std::string& to, std::string_view description, std::string_view type) const
{
    base::append(to, "\r\n--", facts_.boundary, "\r\nContent-Description: ", description,
                 "\r\nContent-Type: ", type, "\r\n");
}

void Notice::explanation(std::string& to, std::span<const Report> reports) const
{
    part(to, "Notification",
         facts_.utf8 ? "text/plain; charset=utf-8" : "text/plain; charset=us-ascii");
    if (facts_.utf8)
        to += "Content-Transfer-Encoding: 8bit\r\n";
    base::append(to, "\r\nThis is the mail system at host ", identity_.myhostname, ".\r\n\r\n",
                 words(facts_.kind).text, "\r\n                   The mail system\r\n\r\n");
    for (const Report& report : reports) {
        const mail::Recipient& r = report.recipient;
        std::string text = base::cat("<", r.address, ">");
        if (!r.original.empty() && r.original != r.address)
            base::append(text, " (expanded from <", r.original, ">)");
        base::append(text, ": ", report.outcome.text);
        append_wrapped(to, line(text));
        to += "\r\n";
    }
}

// RFC 3464 2.2: fields of the message as a whole, then a block for each recipient.
void Notice::status(std::string& to, std::span<const Report> reports) const
{
    const std::string& name = identity_.mail_name;
    part(to, "Delivery report",
         facts_.utf8 ? "message/global-delivery-status" : "message/delivery-status");
    if (facts_.utf8)
        to += "Content-Transfer-Encoding: 8bit\r\n";
    to += "\r\n";
    if (!original_.dsn_envid.empty())
        base::append(to, "Original-Envelope-Id: ", line(original_.dsn_envid), "\r\n");
    base::append(to, "Reporting-MTA: dns; ", identity_.myhostname, "\r\nX-", name,
                 "-Queue-ID: ", facts_.original_id, "\r\n");
    base::append(to, "X-", name, "-Sender: ", facts_.utf8 ? "utf-8; " : "rfc822; ",
                 line(quoted(original_.sender)), "\r\n");
    base::append(to, "Arrival-Date: ", mail::header_date(original_.arrival), "\r\n");
    for (const Report& report : reports)
        recipient_status(to, report);
}

void Notice::recipient_status(std::string& to, const Report& report) const
{
    const mail::Recipient& r = report.recipient;
    const mail::Outcome& o = report.outcome;
    const bool utf8 = !base::is_ascii(r.address);
    base::append(to, "\r\nFinal-Recipient: ", utf8 ? "utf-8; " : "rfc822; ",
                 line(quoted(r.address)), "\r\n");
    if (!r.dsn_orcpt.empty())
        base::append(to, "Original-Recipient: ", line(r.dsn_orcpt), "\r\n");
    else if (!r.original.empty())
        base::append(to, "Original-Recipient: ", base::is_ascii(r.original) ? "rfc822;" : "utf-8;",
                     line(quoted(r.original)), "\r\n");
    std::string_view action = words(facts_.kind).action;
    if (facts_.kind == Kind::Success && o.status == mail::Status::Expanded)
        action = "expanded";
    else if (facts_.kind == Kind::Success && !o.mta.empty())
        action = "relayed";
    base::append(to, "Action: ", action, "\r\nStatus: ", o.dsn.empty() ? "5.0.0" : o.dsn, "\r\n");
    if (!o.mta.empty())
        base::append(to, "Remote-MTA: dns; ", line(o.mta), "\r\n");
    const std::string type = o.reply.empty() ? base::cat("X-", identity_.mail_name) : "smtp";
    append_wrapped(
        to, base::cat("Diagnostic-Code: ", type, "; ", line(o.reply.empty() ? o.text : o.reply)));
    // RFC 3464 2.4: an extension field, for readers who need not guess from the reply.
    if (o.failure.kind != mail::FailureClass::None)
        base::append(to, "X-Posthouse-Failure-Class: ", mail::failure_text(o.failure), "\r\n");
}

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
    if (facts_.eight_bit || facts_.utf8)
        to += "Content-Transfer-Encoding: 8bit\r\n";
    to += "\r\n";
}

std::string Notice::tail(bool line_open) const
{
    return base::cat(line_open ? "\r\n" : "", "\r\n--", facts_.boundary, "--\r\n");
}

} // namespace bounce
