// SPDX-License-Identifier: Apache-2.0
// The verb table, and the verbs that do not touch a message.
#include "lib/base/strings.h"
#include "lib/mail/domain.h"
#include "lib/mail/header.h"
#include "lib/smtp/server_session_private.h"

namespace smtp {

using base::Task;
using namespace verb_flag;

namespace {

// A longer HELO name is cut: no host name is, and it goes into every log line (RFC 5321 4.5.3.1.2).
constexpr std::size_t helo_limit = 512;

constexpr std::string_view blanks = " \t\r\v\f";

constexpr std::string_view helo_first = "503 5.5.1 Error: send HELO/EHLO first";
constexpr std::string_view nested_mail = "503 5.5.1 Error: nested MAIL command";
constexpr std::string_view mail_after_bdat = "503 5.5.1 Error: MAIL after BDAT";
constexpr std::string_view rcpt_after_bdat = "503 5.5.1 Error: RCPT after BDAT";
constexpr std::string_view data_after_bdat = "503 5.5.1 Error: DATA after BDAT";
constexpr std::string_view need_mail = "503 5.5.1 Error: need MAIL command";
constexpr std::string_view need_rcpt = "503 5.5.1 Error: need RCPT command";
constexpr std::string_view no_valid_rcpt = "554 5.5.1 Error: no valid recipients";
constexpr std::string_view etrn_helo_first = "503 Error: send HELO/EHLO first";
constexpr std::string_view in_transaction = "503 Error: MAIL transaction in progress";
constexpr std::string_view not_implemented = "502 5.5.1 Error: command not implemented";
constexpr std::string_view no_auth = "503 5.5.1 Error: authentication not enabled";
constexpr std::string_view no_right = "550 5.7.0 Error: insufficient authorization";

struct Extension {
    std::string_view keyword;
    std::uint32_t bit;
    std::string_view discard_name = keyword; // In smtpd_discard_ehlo_keywords, and in the log.
};

// In the order of the EHLO reply.
constexpr Extension extensions[] = {
    {"PIPELINING", extension::pipelining},
    {"SIZE", extension::size},
    {"VRFY", extension::vrfy},
    {"ETRN", extension::etrn},
    {"XVERP", extension::xverp, "VERP"},
    {"ENHANCEDSTATUSCODES", extension::enhanced_status_codes},
    {"8BITMIME", extension::eight_bit_mime},
    {"DSN", extension::dsn},
    {"SMTPUTF8", extension::smtputf8},
    {"CHUNKING", extension::chunking},
};

} // namespace

// In the order of Verb. Refusals stand in the order of State: Start, Ready, Mail, Rcpt, Chunks,
// Orphan.
const std::array<ServerSession::VerbRow, verb_count> ServerSession::verbs{{
    {"HELO", &ServerSession::helo, last | junk},
    {"EHLO", &ServerSession::ehlo, last | junk},
    {"XCLIENT", &ServerSession::refuse, last | hidden, no_right},
    {"XFORWARD", &ServerSession::refuse, hidden, no_right},
    {"STARTTLS", &ServerSession::refuse, last | no_argument | hidden, not_implemented},
    {"AUTH", &ServerSession::refuse, last | hidden, no_auth},
    {"MAIL",
     &ServerSession::mail,
     after_helo,
     {},
     {helo_first, {}, nested_mail, nested_mail, mail_after_bdat, mail_after_bdat}},
    {"RCPT",
     &ServerSession::rcpt,
     0,
     {},
     {need_mail, need_mail, {}, {}, rcpt_after_bdat, need_mail}},
    {"DATA",
     &ServerSession::data,
     last | no_argument,
     {},
     {need_rcpt, need_rcpt, no_valid_rcpt, {}, data_after_bdat, data_after_bdat}},
    {"BDAT", &ServerSession::bdat, 0},
    {"RSET", &ServerSession::rset, junk | no_argument},
    {"NOOP", &ServerSession::noop, last | junk},
    {"VRFY", &ServerSession::vrfy, last | junk},
    {"ETRN",
     &ServerSession::etrn,
     last | junk | after_helo,
     {},
     {etrn_helo_first, {}, in_transaction, in_transaction, in_transaction, in_transaction}},
    {"EXPN", &ServerSession::refuse, last | junk | hidden, not_implemented},
    {"QUIT", &ServerSession::quit, 0},
    {"HELP", &ServerSession::help, last | junk},
    {"UNKNOWN", &ServerSession::refuse, hidden},
}};

std::uint32_t extension_bit(std::string_view keyword)
{
    if (base::iequals(keyword, "silent-discard"))
        return extension::silent_discard;
    for (const Extension& row : extensions)
        if (base::iequals(row.keyword, keyword) || base::iequals(row.discard_name, keyword))
            return row.bit;
    return 0;
}

std::uint32_t ServerSession::discarded() const
{
    std::uint32_t bits = traits_.discard;
    if (settings_.vrfy_disabled)
        bits |= extension::vrfy;
    if (!settings_.smtputf8)
        bits |= extension::smtputf8;
    if (!traits_.may_verp)
        bits |= extension::xverp;
    return bits;
}

// RFC 5321 4.1.1.1. A new greeting forgets the transaction.
Task<Reply> ServerSession::greet_by_name(Command& command, std::string_view protocol)
{
    std::vector<std::string_view> words = base::split(command.argument, blanks);
    if (words.empty())
        co_return base::cat("501 Syntax: ", verbs[static_cast<std::size_t>(command.verb)].name,
                            " hostname");
    client_.helo = base::printable(words[0].substr(0, helo_limit), true);
    client_.protocol = protocol;
    state_ = State::Ready;
    reset_transaction();
    Reply refused;
    if (!settings_.delay_reject)
        refused = co_await decide(where_, &Policy::helo, {}, {});
    if (!refused.empty()) {
        client_.helo.clear();
        client_.protocol.clear();
        state_ = State::Start;
    }
    co_return refused;
}

Task<Reply> ServerSession::helo(Command& command)
{
    Reply refused = co_await greet_by_name(command, "SMTP");
    if (!refused.empty())
        co_return refused;
    co_return base::cat("250 ", settings_.hostname);
}

Task<Reply> ServerSession::ehlo(Command& command)
{
    Reply refused = co_await greet_by_name(command, "ESMTP");
    if (!refused.empty())
        co_return refused;
    std::uint32_t dropped = traits_.discard;
    std::string names;
    for (const Extension& row : extensions)
        if ((dropped & row.bit) != 0)
            base::append(names, " ", row.discard_name);
    if (!names.empty() && (dropped & extension::silent_discard) == 0)
        log_.info("discarding EHLO keywords:", names);
    co_return ehlo_reply();
}

Reply ServerSession::ehlo_reply() const
{
    std::string_view pending = settings_.hostname;
    std::string size;
    Reply out;
    for (const Extension& row : extensions) {
        if ((discarded() & row.bit) != 0)
            continue;
        base::append(out, "250-", pending, "\r\n");
        pending = row.keyword;
        if (row.bit == extension::size && settings_.message_size_limit > 0) {
            size = base::cat("SIZE ", settings_.message_size_limit);
            pending = size;
        }
    }
    base::append(out, "250 ", pending);
    return out;
}

Task<Reply> ServerSession::rset(Command&)
{
    reset_transaction();
    co_return "250 2.0.0 Ok";
}

Task<Reply> ServerSession::noop(Command&)
{
    co_return "250 2.0.0 Ok";
}

Task<Reply> ServerSession::quit(Command&)
{
    closing_ = 1;
    co_return "221 2.0.0 Bye";
}

Task<Reply> ServerSession::help(Command&)
{
    Reply out = "214 2.0.0 Commands:";
    for (const VerbRow& row : verbs)
        if ((row.flags & hidden) == 0)
            base::append(out, " ", row.name);
    co_return out;
}

// Verbs without function, and what is no verb at all.
Task<Reply> ServerSession::refuse(Command& command)
{
    const VerbRow& row = verbs[static_cast<std::size_t>(command.verb)];
    if (!row.unsupported.empty())
        co_return Reply(row.unsupported);
    std::string_view line = base::trim(command.line);
    std::string_view word = line.substr(0, line.find_first_of(blanks));
    bool foreign = mail::header_name_length(word) > 0; // A message's header, as a browser sends it.
    if (!foreign)
        foreign = co_await others_.policy.forbids(word);
    if (!foreign)
        co_return "500 5.5.2 Error: command not recognized";
    log_.warning("non-SMTP command from ", client_.name_and_address(), ": ", line.substr(0, 100));
    closing_ = 1;
    co_return "221 2.7.0 Error: I can break rules, too. Goodbye.";
}

// RFC 5321 4.1.1.6. The answer never says whether the mailbox exists.
Task<Reply> ServerSession::vrfy(Command& command)
{
    if (settings_.vrfy_disabled)
        co_return "502 5.5.1 VRFY command is disabled";
    std::string_view argument = command.argument;
    if (argument.empty())
        co_return base::cat("501 5.5.4 Syntax: VRFY address",
                            settings_.smtputf8 ? " [SMTPUTF8]" : "");
    static constexpr std::string_view option = " SMTPUTF8";
    if (settings_.smtputf8 && argument.size() > option.size() &&
        base::iequals(argument.substr(argument.size() - option.size()), option))
        argument = base::trim(argument.substr(0, argument.size() - option.size()));
    std::string address;
    Reply refused = address_refusal(argument, Verb::Vrfy, address);
    if (refused.empty() && settings_.delay_reject)
        refused = co_await delayed_decisions(address);
    if (refused.empty())
        refused = co_await decide("VRFY", &Policy::vrfy, address, {});
    if (!refused.empty())
        co_return refused;
    co_return base::cat("252 2.0.0 ", argument.substr(0, server_reply_limit - 12));
}

static Reply flush_reply(FlushAnswer answer, std::string_view domain)
{
    switch (answer) {
    case FlushAnswer::Started: return "250 Queuing started";
    case FlushAnswer::Failed: return "458 Unable to queue messages";
    case FlushAnswer::NotAllowed: return base::cat("459 <", domain, ">: service unavailable");
    }
    return {};
}

// RFC 1985.
Task<Reply> ServerSession::etrn(Command& command)
{
    std::vector<std::string_view> words = base::split(command.argument, blanks);
    if (words.size() != 1)
        co_return "500 Syntax: ETRN domain";
    std::string_view domain = words[0];
    if (domain[0] == '@' || domain[0] == '#')
        domain.remove_prefix(1);
    if (!mail::is_mail_domain(domain, settings_.smtputf8))
        co_return "501 Error: invalid parameter syntax";
    Reply refused;
    if (settings_.delay_reject)
        refused = co_await delayed_decisions({});
    if (refused.empty())
        refused = co_await decide("ETRN", &Policy::etrn, {}, domain);
    if (!refused.empty())
        co_return refused;
    FlushAnswer answer = co_await others_.flusher.flush_site(domain);
    if (answer == FlushAnswer::NotAllowed)
        log_.warning("reject: ETRN ", domain, "... from ", client_.name_and_address());
    co_return flush_reply(answer, domain);
}

} // namespace smtp
