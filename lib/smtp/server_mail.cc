// SPDX-License-Identifier: Apache-2.0
// MAIL and RCPT (RFC 5321 4.1.1.2 and 4.1.1.3), their parameters, and what policy says to them.
#include <optional>

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/verp.h"
#include "lib/mail/xtext.h"
#include "lib/smtp/command_line.h"
#include "lib/smtp/server_session_private.h"

namespace smtp {

using base::Task;

static constexpr std::string_view too_big = "552 5.3.4 Message size exceeds fixed limit";

// The value of "NAME=value" in any case; nothing when `option` is another.
static std::optional<std::string_view> value_of(std::string_view option, std::string_view name)
{
    if (!base::istarts_with(option, name))
        return std::nullopt;
    return option.substr(name.size());
}

// RFC 1870 6.1: digits only. What no integer can hold is too big for any disk.
static Reply parse_size(std::string_view value, std::int64_t& size)
{
    if (value.empty() || value.find_first_not_of("0123456789") != std::string_view::npos)
        return "501 5.5.4 Bad message size syntax";
    std::optional<std::int64_t> parsed = base::parse_int<std::int64_t>(value);
    if (!parsed)
        return "552 5.3.4 Message size exceeds file system imposed limit";
    size = *parsed;
    return {};
}

static mail::DsnReturn parse_return(std::string_view value)
{
    if (base::iequals(value, "FULL"))
        return mail::DsnReturn::Full;
    return base::iequals(value, "HDRS") ? mail::DsnReturn::Headers : mail::DsnReturn::Unspecified;
}

// RFC 3461 4.1: NEVER alone, or any of the others. 0 when wrong.
static std::uint8_t parse_notify(std::string_view value)
{
    struct Word {
        std::string_view name;
        std::uint8_t bit;
    };
    static constexpr Word words[] = {{"NEVER", mail::notify::never},
                                     {"SUCCESS", mail::notify::success},
                                     {"FAILURE", mail::notify::failure},
                                     {"DELAY", mail::notify::delay}};
    unsigned bits = 0;
    for (std::string_view item : base::split(value, ",")) {
        unsigned bit = 0;
        for (const Word& word : words)
            if (base::iequals(word.name, item))
                bit = word.bit;
        if (bit == 0)
            return 0;
        bits |= bit;
    }
    bool never_and_more = (bits & mail::notify::never) != 0 && bits != mail::notify::never;
    return never_and_more ? 0 : static_cast<std::uint8_t>(bits);
}

// RFC 3461 4.2, RFC 6533 3: the recipient as the first sender wrote it, decoded.
static base::Result<std::string> parse_orcpt(std::string_view value)
{
    if (!mail::is_typed_recipient(value))
        return base::permanent("not type;value");
    std::size_t semicolon = value.find(';');
    std::string_view address = value.substr(semicolon + 1);
    if (base::iequals(value.substr(0, semicolon), "utf-8") && !base::is_ascii(address))
        return std::string(value);
    base::Result<std::string> decoded = mail::decode_xtext(address);
    if (!decoded)
        return decoded.error();
    return base::cat(value.substr(0, semicolon + 1), *decoded);
}

// Parses the path of MAIL, RCPT and VRFY; the refusal, or empty with `address` set.
Reply ServerSession::address_refusal(std::string_view path, Verb verb, std::string& address) const
{
    mail::PathRules rules;
    rules.strict = settings_.strict_envelopes && verb != Verb::Vrfy;
    rules.allow_utf8 = settings_.smtputf8;
    rules.allow_null = verb == Verb::Mail;
    base::Result<std::string> parsed = mail::parse_path(path, rules);
    if (parsed && (settings_.allow_dash || !parsed->starts_with('-'))) {
        address = std::move(*parsed);
        return {};
    }
    log_.warning("Illegal address syntax from ", client_.name_and_address(), " in ",
                 verbs[static_cast<std::size_t>(verb)].name, " command: ", path);
    return verb == Verb::Mail ? "501 5.1.7 Bad sender address syntax"
                              : "501 5.1.3 Bad recipient address syntax";
}

// Postfix's VERP_README: XVERP, or XVERP= with two delimiters.
Reply ServerSession::verp_option(Transaction& next, std::string_view option) const
{
    const std::string_view delimiters =
        value_of(option, "XVERP=").value_or(settings_.verp_delimiters);
    if (!mail::are_verp_delimiters(delimiters, settings_.verp_filter))
        return base::cat("501 5.5.4 Error: XVERP needs two characters from ",
                         settings_.verp_filter);
    next.verp = delimiters;
    return {};
}

// One parameter of MAIL; the refusal, or empty.
Reply ServerSession::mail_option(Transaction& next, std::string_view option) const
{
    mail::Envelope& envelope = next.envelope;
    std::uint32_t dropped = discarded();
    if (auto size = value_of(option, "SIZE="))
        return parse_size(*size, envelope.declared_size);
    bool body = (dropped & extension::eight_bit_mime) == 0;
    if (body && (base::iequals(option, "BODY=8BITMIME") || base::iequals(option, "BODY=7BIT"))) {
        bool seven = base::iequals(option, "BODY=7BIT");
        envelope.body = seven ? mail::BodyType::SevenBit : mail::BodyType::EightBitMime;
        return {};
    }
    if (base::iequals(option, "SMTPUTF8") && (dropped & extension::smtputf8) == 0) {
        envelope.smtputf8 = true;
        return {};
    }
    // RFC 4954 5: without authentication the value has no meaning; it goes nowhere.
    if (value_of(option, "AUTH="))
        return {};
    if (traits_.may_verp && (base::iequals(option, "XVERP") || value_of(option, "XVERP=")))
        return verp_option(next, option);
    auto ret = value_of(option, "RET=");
    auto envid = value_of(option, "ENVID=");
    if ((ret || envid) && (dropped & extension::dsn) != 0)
        return "501 5.7.1 DSN support is disabled";
    if (ret) {
        envelope.dsn_return = parse_return(*ret);
        bool good = envelope.dsn_return != mail::DsnReturn::Unspecified && !next.dsn_return_seen;
        next.dsn_return_seen = true;
        return good ? "" : "501 5.5.4 Bad RET parameter syntax";
    }
    if (envid) {
        base::Result<std::string> decoded = mail::decode_xtext(*envid);
        if (!decoded || decoded->empty() || next.envid_seen)
            return "501 5.5.4 Bad ENVID parameter syntax";
        next.envid_seen = true;
        envelope.dsn_envid = std::move(*decoded);
        return {};
    }
    return base::cat("555 5.5.4 Unsupported option: ", option.substr(0, server_reply_limit / 2));
}

Task<Reply> ServerSession::mail(Command& command)
{
    PathArgument argument = split_path(command.argument, "FROM:");
    if (!argument.found)
        co_return "501 5.5.4 Syntax: MAIL FROM:<address>";
    if (!argument.balanced)
        co_return "501 5.1.7 Bad sender address syntax";
    Reply refused = co_await decide("MAIL", &Policy::limit_mail, {}, {});
    if (!refused.empty())
        co_return refused;
    auto next = std::make_unique<Transaction>(settings_.replace_stray_cr, traits_.on_host);
    refused = address_refusal(argument.path, Verb::Mail, next->envelope.sender);
    for (std::size_t i = 0; refused.empty() && i < argument.options.size(); ++i)
        refused = mail_option(*next, argument.options[i]);
    if (refused.empty() && !next->verp.empty() && next->envelope.sender.empty())
        refused = "503 5.5.4 Error: XVERP requires non-null sender";
    if (!refused.empty())
        co_return refused;
    if (settings_.strict_smtputf8 && !next->envelope.smtputf8 &&
        !base::is_ascii(next->envelope.sender))
        co_return "553 5.6.7 Must declare SMTPUTF8 to send unicode address";
    next->envelope.client = client_;
    next->mail_seen = true;
    std::int64_t declared = next->envelope.declared_size;
    transaction_ = std::move(next);
    if (!settings_.delay_reject)
        refused = co_await decide("MAIL", &Policy::mail, {}, {});
    if (refused.empty() && settings_.message_size_limit > 0 &&
        declared > settings_.message_size_limit) {
        log_event("reject", "MAIL", too_big, {});
        refused = too_big;
    }
    if (!refused.empty()) {
        transaction_.reset();
        co_return refused;
    }
    state_ = State::Mail;
    co_return "250 2.1.0 Ok";
}

// One parameter of RCPT; the refusal, or empty.
Reply ServerSession::rcpt_option(mail::Recipient& recipient, std::string_view option) const
{
    auto notify = value_of(option, "NOTIFY=");
    auto orcpt = value_of(option, "ORCPT=");
    if (!notify && !orcpt)
        return base::cat("555 5.5.4 Unsupported option: ",
                         option.substr(0, server_reply_limit / 2));
    if ((discarded() & extension::dsn) != 0)
        return "501 5.7.1 DSN support is disabled";
    if (notify) {
        bool again = recipient.dsn_notify != 0;
        recipient.dsn_notify = parse_notify(*notify);
        bool good = recipient.dsn_notify != 0 && !again;
        return good ? "" : "501 5.5.4 Error: Bad NOTIFY parameter syntax";
    }
    base::Result<std::string> decoded = parse_orcpt(*orcpt);
    if (!decoded || !recipient.dsn_orcpt.empty())
        return "501 5.5.4 Error: Bad ORCPT parameter syntax";
    recipient.dsn_orcpt = std::move(*decoded);
    return {};
}

Task<Reply> ServerSession::rcpt(Command& command)
{
    PathArgument argument = split_path(command.argument, "TO:");
    if (!argument.found)
        co_return "501 5.5.4 Syntax: RCPT TO:<address>";
    if (!argument.balanced)
        co_return "501 5.1.3 Bad recipient address syntax";
    Reply refused = co_await decide("RCPT", &Policy::limit_rcpt, {}, {});
    if (!refused.empty())
        co_return refused;
    mail::Recipient recipient;
    refused = address_refusal(argument.path, Verb::Rcpt, recipient.address);
    for (std::size_t i = 0; refused.empty() && i < argument.options.size(); ++i)
        refused = rcpt_option(recipient, argument.options[i]);
    if (!refused.empty())
        co_return refused;
    Transaction& transaction = *transaction_;
    if (settings_.strict_smtputf8 && !transaction.envelope.smtputf8 &&
        !base::is_ascii(recipient.address))
        co_return "553 5.6.7 Must declare SMTPUTF8 to send unicode address";
    if (transaction.recipients >= settings_.recipient_limit) {
        ++transaction.overshoot;
        co_return "452 4.5.3 Error: too many recipients";
    }
    recipient.original = recipient.address;
    if (settings_.delay_reject)
        refused = co_await delayed_decisions(recipient.address);
    if (refused.empty())
        refused = co_await decide("RCPT", &Policy::rcpt, recipient.address, {});
    if (refused.empty())
        refused = co_await take_recipient(recipient);
    if (!refused.empty())
        co_return refused;
    co_return "250 2.1.5 Ok";
}

// The recipient was accepted: the message is opened with the first, and told of each.
Task<Reply> ServerSession::take_recipient(const mail::Recipient& recipient)
{
    Transaction& transaction = *transaction_;
    Reply refused;
    if (!transaction.open)
        refused = co_await open_message();
    if (!refused.empty())
        co_return refused;
    base::Result<void> taken = co_await others_.sink.recipient(recipient);
    if (!taken) {
        log_.warning(log_id(), ": recipient not taken: ", taken.error().text);
        co_return "451 4.3.0 Error: queue file write error";
    }
    ++transaction.recipients;
    transaction.recipient = transaction.recipients == 1 ? recipient.address : std::string{};
    state_ = State::Rcpt;
    co_return Reply{};
}

Task<Reply> ServerSession::open_message()
{
    Transaction& transaction = *transaction_;
    base::Result<mail::QueueId> opened =
        co_await others_.sink.open(transaction.envelope, transaction.verp);
    if (!opened) {
        const std::string& why = opened.error().text; // Cleanup's reply, or that it is away.
        log_.warning("queue file not opened: ", why);
        co_return why.starts_with("452 ") ? why : "451 4.3.0 Error: queue file write error";
    }
    transaction.open = true;
    transaction.queue_id = std::move(*opened);
    log_.info(transaction.queue_id, ": client=", client_.name_and_address());
    std::vector<AccessAction> waiting = std::move(transaction.waiting);
    transaction.waiting.clear();
    for (const AccessAction& action : waiting) {
        base::Result<void> applied = co_await others_.sink.apply(action);
        if (!applied)
            co_return "451 4.3.0 Error: queue file write error";
    }
    co_return Reply{};
}

// smtpd_delay_reject: what was to be decided at connect, HELO and MAIL is decided now.
Task<Reply> ServerSession::delayed_decisions(std::string_view recipient)
{
    Reply refused = co_await decide(where_, &Policy::connect, recipient, {});
    if (refused.empty() && !client_.helo.empty())
        refused = co_await decide(where_, &Policy::helo, recipient, {});
    if (refused.empty() && transaction_ && transaction_->mail_seen)
        refused = co_await decide(where_, &Policy::mail, recipient, {});
    co_return refused;
}

Task<Reply> ServerSession::decide(std::string_view stage, Decision decision,
                                  std::string_view recipient, std::string_view domain)
{
    static const mail::Envelope no_envelope;
    const Transaction* transaction = transaction_.get();
    std::string_view shown = recipient;
    if (shown.empty() && transaction != nullptr)
        shown = transaction->recipient;
    PolicyInput input{client_,
                      transaction != nullptr ? transaction->envelope : no_envelope,
                      shown,
                      domain,
                      transaction != nullptr ? transaction->recipients : 0,
                      queue_id(),
                      transaction != nullptr && transaction->mail_seen,
                      pipelined_ != 0};
    Verdict verdict = co_await (others_.policy.*decision)(input);
    Reply refused = co_await act_on(verdict, stage, recipient);
    co_return refused;
}

static std::string_view action_name(ActionKind kind)
{
    switch (kind) {
    case ActionKind::Prepend: return "prepend";
    case ActionKind::Hold: return "hold";
    case ActionKind::Discard: return "discard";
    case ActionKind::Redirect: return "redirect";
    case ActionKind::Filter: return "filter";
    case ActionKind::Bcc: return "bcc";
    case ActionKind::Warn: return "warn";
    case ActionKind::Info: return "info";
    case ActionKind::RejectWarning: return "reject_warning";
    case ActionKind::Permit: return "permit";
    }
    return "";
}

// Logs what a policy said, keeps its actions for the message, and returns its refusal.
Task<Reply> ServerSession::act_on(const Verdict& verdict, std::string_view stage,
                                  std::string_view recipient)
{
    for (const AccessAction& action : verdict.actions) {
        log_event(action_name(action.kind), stage, action.log_text, recipient);
        if (action.kind >= ActionKind::Warn || !transaction_ || !transaction_->mail_seen)
            continue;
        if (!transaction_->open) {
            transaction_->waiting.push_back(action);
            continue;
        }
        base::Result<void> applied = co_await others_.sink.apply(action);
        if (!applied)
            co_return "451 4.3.0 Error: queue file write error";
    }
    if (verdict.reply.empty())
        co_return Reply{};
    Reply reply = sanitize_reply(verdict.reply, "451 4.3.5 Server configuration error");
    if (!verdict.warning.empty())
        log_.warning(verdict.warning);
    else
        log_event(verdict.warn_only ? "reject_warning" : "reject", stage, reply, recipient);
    if (verdict.warn_only)
        co_return Reply{};
    co_return reply;
}

} // namespace smtp
