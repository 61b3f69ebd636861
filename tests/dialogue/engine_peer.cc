// SPDX-License-Identifier: Apache-2.0
// The in-process peer; see engine_peer.h.
#include "tests/dialogue/engine_peer.h"

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "tests/dialogue/script.h"

namespace dialogue {

using base::Result;

namespace {

using Settings = smtp::ServerSettings;

struct Number {
    std::string_view name;
    void (*set)(Settings&, long);
};
constexpr Number numbers[] = {
    {"line_length_limit",
     [](Settings& s, long v) { s.line_length_limit = static_cast<std::size_t>(v); }},
    {"message_size_limit", [](Settings& s, long v) { s.message_size_limit = v; }},
    {"smtpd_recipient_limit",
     [](Settings& s, long v) { s.recipient_limit = static_cast<unsigned>(v); }},
    {"smtpd_recipient_overshoot_limit",
     [](Settings& s, long v) { s.overshoot_limit = static_cast<unsigned>(v); }},
    {"smtpd_soft_error_limit",
     [](Settings& s, long v) { s.soft_error_limit = static_cast<unsigned>(v); }},
    {"smtpd_hard_error_limit",
     [](Settings& s, long v) { s.hard_error_limit = static_cast<unsigned>(v); }},
    {"smtpd_junk_command_limit",
     [](Settings& s, long v) { s.junk_command_limit = static_cast<unsigned>(v); }},
    {"smtpd_error_sleep_time",
     [](Settings& s, long v) { s.error_sleep_time = std::chrono::seconds(v); }},
    {"smtpd_forbid_bare_newline_reject_code",
     [](Settings& s, long v) { s.bare_newline_reject_code = static_cast<std::uint16_t>(v); }},
};

struct Flag {
    std::string_view name;
    bool Settings::*member;
};
constexpr Flag flags[] = {
    {"smtpd_helo_required", &Settings::helo_required},
    {"smtpd_delay_reject", &Settings::delay_reject},
    {"soft_bounce", &Settings::soft_bounce},
    {"disable_vrfy_command", &Settings::vrfy_disabled},
    {"strict_rfc821_envelopes", &Settings::strict_envelopes},
    {"allow_min_user", &Settings::allow_dash},
    {"smtputf8_enable", &Settings::smtputf8},
    {"strict_smtputf8", &Settings::strict_smtputf8},
    {"smtpd_forbid_unauth_pipelining", &Settings::forbid_unauth_pipelining},
    {"cleanup_replace_stray_cr_lf", &Settings::replace_stray_cr},
};

bool set_bare_newline(Settings& settings, std::string_view value)
{
    struct Choice {
        std::string_view name;
        smtp::BareNewline value;
    };
    static constexpr Choice choices[] = {{"no", smtp::BareNewline::No},
                                         {"normalize", smtp::BareNewline::Normalize},
                                         {"reject", smtp::BareNewline::Reject},
                                         {"note", smtp::BareNewline::Note}};
    for (const Choice& choice : choices)
        if (choice.name == value) {
            settings.bare_newline = choice.value;
            return true;
        }
    return false;
}

bool set_setting(Settings& settings, std::string_view name, std::string_view value)
{
    for (const Flag& flag : flags)
        if (flag.name == name) {
            settings.*flag.member = value == "yes";
            return true;
        }
    for (const Number& number : numbers)
        if (number.name == name) {
            auto parsed = base::parse_int<long>(value);
            if (parsed)
                number.set(settings, *parsed);
            return parsed.has_value();
        }
    return name == "smtpd_forbid_bare_newline" && set_bare_newline(settings, value);
}

Result<void> check(bool truth, std::string_view otherwise)
{
    if (truth)
        return {};
    return base::permanent(std::string(otherwise));
}

struct ActionName {
    std::string_view name;
    smtp::ActionKind kind;
};
constexpr ActionName action_names[] = {
    {"PREPEND", smtp::ActionKind::Prepend}, {"HOLD", smtp::ActionKind::Hold},
    {"DISCARD", smtp::ActionKind::Discard}, {"REDIRECT", smtp::ActionKind::Redirect},
    {"FILTER", smtp::ActionKind::Filter},   {"BCC", smtp::ActionKind::Bcc},
    {"WARN", smtp::ActionKind::Warn},       {"INFO", smtp::ActionKind::Info},
};

const ActionName* find_action(std::string_view name)
{
    for (const ActionName& row : action_names)
        if (row.name == name)
            return &row;
    return nullptr;
}

} // namespace

EnginePeer::EnginePeer() : log_before_(base::set_log_sink(&log_)) {}

EnginePeer::~EnginePeer()
{
    server_.session.reset();
    base::set_log_sink(log_before_);
}

Result<void> EnginePeer::configure(std::string_view setting)
{
    std::string_view name = base::cut(setting, '=');
    if (name == "smtpd_discard_ehlo_keywords") {
        for (std::string_view word : base::split(setting, ", "))
            server_.traits.discard |= smtp::extension_bit(word);
        return {};
    }
    if (name == "smtpd_noop_commands") {
        server_.settings.noop_commands = true;
        server_.policy.noop_commands.emplace_back(setting);
        return {};
    }
    if (name == "smtpd_authorized_verp_clients") {
        server_.traits.may_verp = true; // The value is for the live server.
        return {};
    }
    if (name == "bare_newline_exempt") {
        server_.traits.bare_newline_exempt = setting == "yes";
        return {};
    }
    if (name == "early") {
        Result<std::string> bytes = unescape(setting);
        early_ = bytes ? *bytes : "";
        return {};
    }
    return check(set_setting(server_.settings, name, setting), "unknown setting");
}

// "policy STAGE REPLY", "policy STAGE action NAME VALUE", "sink open", "sink content",
// "sink finish REPLY", "flush started|failed|refused".
Result<void> EnginePeer::fake(std::string_view what)
{
    std::string_view who = base::cut(what, ' ');
    std::string_view first = base::cut(what, ' ');
    if (who == "policy" && what.starts_with("action ")) {
        base::cut(what, ' ');
        const ActionName* name = find_action(base::cut(what, ' '));
        if (name == nullptr)
            return base::permanent("unknown action");
        server_.policy.verdicts[std::string(first)].actions.push_back(
            {name->kind, std::string(what), base::cat("<x>: triggers ", name->name)});
    } else if (who == "policy") {
        server_.policy.verdicts[std::string(first)].reply = what;
    } else if (who == "warn_policy") {
        server_.policy.verdicts[std::string(first)] = {smtp::Reply(what), true, {}};
    } else if (who == "sink") {
        server_.sink.fail_open = first == "open";
        server_.sink.fail_content = first == "content";
        server_.sink.finish_reply = first == "finish" ? what : "";
    } else if (who == "flush") {
        server_.flusher.answer = first == "started"  ? smtp::FlushAnswer::Started
                                 : first == "failed" ? smtp::FlushAnswer::Failed
                                                     : smtp::FlushAnswer::NotAllowed;
    } else {
        return base::permanent("unknown stand-in");
    }
    return {};
}

void EnginePeer::start()
{
    if (!server_.session)
        server_.connect(early_);
}

void EnginePeer::send(std::string_view bytes)
{
    start();
    server_.send(bytes);
}

Result<std::string> EnginePeer::read_line()
{
    start();
    std::size_t end = server_.output.find("\r\n");
    if (end == std::string::npos)
        return base::permanent(server_.closed ? "connection closed" : "no reply");
    std::string line = server_.output.substr(0, end);
    server_.output.erase(0, end + 2);
    return line;
}

void EnginePeer::wait(long seconds)
{
    clock_.advance(std::chrono::seconds(seconds));
}

void EnginePeer::finish()
{
    server_.session->disconnected();
    server_.closed = true;
}

void EnginePeer::close()
{
    start();
    if (!server_.closed)
        server_.session->lost();
    finish();
}

void EnginePeer::time_out()
{
    start();
    server_.output += server_.session->timed_out();
    finish();
}

bool EnginePeer::logged(std::string_view text) const
{
    for (const std::string& line : log_.lines)
        if (line.find(text) != std::string::npos)
            return true;
    return false;
}

std::string EnginePeer::log_text() const
{
    std::string out = "the log is:";
    for (const std::string& line : log_.lines)
        base::append(out, "\n    ", line);
    return out;
}

// About the last message that was queued.
Result<void> EnginePeer::expect_message(std::string_view what, std::string_view value)
{
    if (server_.sink.queued.empty())
        return base::permanent("nothing is queued");
    const fake::Message& message = server_.sink.queued.back();
    if (what == "sender")
        return check(message.envelope.sender == value, message.envelope.sender);
    if (what == "content") {
        Result<std::string> want = unescape(value);
        return check(want && *want == message.content, base::json_quote(message.content));
    }
    if (what == "rcpt") {
        std::string all;
        for (const mail::Recipient& recipient : message.recipients)
            base::append(all, all.empty() ? "" : ",", recipient.address);
        return check(all == value, all);
    }
    if (what == "envid")
        return check(message.envelope.dsn_envid == value, message.envelope.dsn_envid);
    if (what == "verp")
        return check(message.verp == value, message.verp);
    if (what == "orcpt")
        return check(message.recipients[0].dsn_orcpt == value, message.recipients[0].dsn_orcpt);
    if (what != "action")
        return base::permanent("unknown expectation");
    const ActionName* name = find_action(base::cut(value, ' '));
    for (const smtp::AccessAction& action : message.actions)
        if (name != nullptr && action.kind == name->kind && action.value == value)
            return {};
    return base::permanent("no such action");
}

Result<void> EnginePeer::expect(std::string_view what)
{
    start();
    std::string_view word = base::cut(what, ' ');
    if (word == "closed" || word == "open")
        return check(server_.closed == (word == "closed"), "it is the other way");
    if (word == "silence")
        return check(server_.output.empty(), server_.output);
    if (server_.closed && server_.session && !logged("disconnect from "))
        finish();
    if (word == "log")
        return check(logged(what), log_text());
    if (word == "no") {
        base::cut(what, ' ');
        return check(!logged(what), log_text());
    }
    if (word == "queue") {
        std::string count = base::cat(server_.sink.queued.size());
        return check(count == (what == "empty" ? "0" : what), count);
    }
    if (word == "delay") {
        std::string seconds = base::cat(server_.delay / std::chrono::seconds(1), "s");
        server_.delay = {};
        return check(seconds == what, seconds);
    }
    return expect_message(word, what);
}

} // namespace dialogue
