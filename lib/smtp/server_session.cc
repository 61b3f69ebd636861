// SPDX-License-Identifier: Apache-2.0
// The frame of the server session: input to commands, commands to handlers, replies and their
// consequences. The verbs are in server_verbs.cc, server_mail.cc and server_data.cc.
#include "lib/smtp/server_session.h"

#include "lib/base/strings.h"
#include "lib/smtp/server_session_private.h"

namespace smtp {

using base::Task;

// Bytes of an overlong line after which we stop reading it (CMD-01).
static constexpr std::uint64_t long_line_limit = 65536;

ServerSession::ServerSession(const ServerSettings& settings, ServerCollaborators others,
                             mail::Client client, ClientTraits traits)
    : settings_(settings), others_(others), client_(std::move(client)), traits_(traits)
{
    if (client_.protocol.empty())
        client_.protocol = "SMTP"; // Until it greets: it need not.
}

ServerSession::~ServerSession()
{
    reset_transaction();
}

const std::string& ServerSession::queue_id() const
{
    static const std::string none;
    return transaction_ ? transaction_->queue_id : none;
}

// Forgets the transaction, and returns to the state that HELO or EHLO left.
void ServerSession::reset_transaction()
{
    if (transaction_ && transaction_->open)
        others_.sink.abandon();
    transaction_.reset();
    reading_ = Reading::Commands;
    if (state_ != State::Start)
        state_ = client_.helo.empty() ? State::Start : State::Ready;
}

Task<Step> ServerSession::connected(std::string_view early)
{
    log_.info("connect from ", client_.name_and_address());
    if (!early.empty() && settings_.forbid_unauth_pipelining) {
        log_pipelining("CONNECT", early);
        closing_ = 1;
        co_return step(early.size(), "554 5.5.0 Error: SMTP protocol synchronization");
    }
    Reply refused = co_await decide("CONNECT", &Policy::limit_session, {}, {});
    if (!refused.empty()) {
        closing_ = 1;
        co_return step(0, std::move(refused));
    }
    if (!settings_.delay_reject)
        refused = co_await decide("CONNECT", &Policy::connect, {}, {});
    denied_ = !refused.empty();
    if (denied_)
        co_return step(0, std::move(refused));
    if (!settings_.banner.empty())
        co_return step(0, base::cat("220 ", settings_.banner));
    co_return step(0, base::cat("220 ", settings_.hostname, " ESMTP Posthouse"));
}

Task<Step> ServerSession::on_input(std::string_view input)
{
    if (reading_ == Reading::Dotted)
        co_return co_await on_dotted(input);
    if (reading_ == Reading::Chunk)
        co_return co_await on_chunk(input);
    if (reading_ == Reading::LongLine)
        co_return co_await skip_long_line(input);
    std::size_t lf = input.substr(0, settings_.line_length_limit + 2).find('\n');
    if (lf != std::string_view::npos)
        co_return co_await on_line(input.substr(0, lf + 1), input.substr(lf + 1));
    if (input.size() < settings_.line_length_limit + 2)
        co_return Step{};
    log_.warning(client_.name_and_address(), ": request longer than ", settings_.line_length_limit,
                 ": ", input.substr(0, 30), "...");
    reading_ = Reading::LongLine;
    skipped_ = 0;
    co_return co_await skip_long_line(input);
}

// Drops an overlong line, up to its end or our patience's. It is never executed in part.
Task<Step> ServerSession::skip_long_line(std::string_view input)
{
    std::size_t lf = input.find('\n');
    std::size_t size = lf == std::string_view::npos ? input.size() : lf + 1;
    skipped_ += size;
    bool endless = skipped_ > long_line_limit;
    if (lf == std::string_view::npos && !endless) {
        Step more;
        more.consumed = size;
        co_return more;
    }
    reading_ = Reading::Commands;
    closing_ = endless;
    where_ = "UNKNOWN";
    ++counts_[static_cast<std::size_t>(Verb::Unknown)].all;
    Step out = step(size, "500 5.5.2 Error: line too long");
    ++errors_;
    co_return out;
}

// What is wrong with a line before anybody asks what it says; empty when nothing is.
std::string_view ServerSession::refusal_of_line(std::string_view line) const
{
    if (base::trim(line).empty() || line.find('\0') != std::string_view::npos)
        return "500 5.5.2 Error: bad syntax";
    if (settings_.smtputf8 && !base::is_utf8(line))
        return "500 5.5.2 Error: bad UTF-8 syntax";
    return {};
}

static std::string_view first_word(std::string_view line)
{
    line = base::trim_left(line);
    return line.substr(0, line.find_first_of(" \t\r\v\f"));
}

const ServerSession::VerbRow& ServerSession::find_verb(std::string_view word)
{
    for (const VerbRow& row : verbs)
        if (base::iequals(row.name, word))
            return row;
    return verbs.back();
}

bool ServerSession::pipelined_badly(const VerbRow& row, std::string_view rest) const
{
    if (rest.empty() || traits_.on_host || row.handler == &ServerSession::bdat)
        return false;
    bool offered = client_.protocol == "ESMTP" && (discarded() & extension::pipelining) == 0;
    return !offered || (row.flags & verb_flag::last) != 0;
}

// A command of smtpd_noop_commands: neither a command to the log and the state, nor pipelined.
Step ServerSession::ignore_command(std::size_t consumed)
{
    if (junk_++ > settings_.junk_command_limit)
        ++errors_;
    Step out = step(consumed, "250 2.0.0 Ok");
    end_if_hopeless(out);
    return out;
}

void ServerSession::end_if_hopeless(Step& out)
{
    if (errors_ < settings_.hard_error_limit || out.close)
        return;
    log_.info("too many errors after ", where_, " from ", client_.name_and_address());
    add_reply(out, base::cat("421 4.7.0 ", settings_.hostname, " Error: too many errors"));
    out.close = true;
}

// smtpd_command_filter. What takes the place of `line` is kept in `room`. False: the filter cannot
// be asked, and the session has to end.
Task<bool> ServerSession::filter_line(std::string_view& line, std::string& room)
{
    const std::string_view given = base::trim_left(line);
    auto found = co_await others_.policy.replacement(given);
    if (!found)
        co_return false;
    if (!*found)
        co_return true;
    log_.info(client_.name_and_address(), ": replacing command \"", line, "\" with \"", **found,
              "\"");
    room = std::move(**found);
    line = room;
    co_return true;
}

Task<Step> ServerSession::on_line(std::string_view line, std::string_view rest)
{
    std::size_t consumed = line.size();
    line.remove_suffix(1);
    bool bare_lf = !line.ends_with('\r');
    while (line.ends_with('\r'))
        line.remove_suffix(1);
    if (bare_newline_refused(bare_lf)) {
        log_event("reject", where_, "bare <LF> received", {});
        closing_ = 1;
        co_return step(consumed, bare_newline_reply());
    }
    noted_bare_lf_ |= bare_lf;

    std::string replaced;
    if (settings_.command_filter && refusal_of_line(line).empty()) {
        const bool filtered = co_await filter_line(line, replaced);
        if (!filtered) {
            const Reply sorry =
                base::cat("421 4.3.0 ", settings_.hostname, " Server local data error");
            log_event("reject", where_, sorry, {});
            co_return step(consumed, sorry);
        }
    }
    std::string_view word = first_word(line);
    if (settings_.noop_commands && refusal_of_line(line).empty()) {
        const bool ignored = co_await others_.policy.ignores(word);
        if (ignored)
            co_return ignore_command(consumed);
    }
    const VerbRow& row = find_verb(word);
    Command command;
    command.line = line;
    command.argument = base::trim(base::trim_left(line).substr(word.size()));
    command.verb = static_cast<Verb>(&row - verbs.data());
    pipelined_ = pipelined_badly(row, rest);
    if (pipelined_) {
        if (!pipelining_logged_)
            log_pipelining(row.name, rest);
        pipelining_logged_ = 1;
        closing_ = settings_.forbid_unauth_pipelining;
        if (closing_)
            co_return step(consumed, "554 5.5.0 Error: SMTP protocol synchronization");
    }
    where_ = row.name;
    ++counts_[static_cast<std::size_t>(command.verb)].all;
    Reply reply{refusal_of_line(line)};
    if (reply.empty())
        reply = co_await dispatch(command);
    Step out = step(consumed, std::move(reply));
    finish_command(row, out.output);
    end_if_hopeless(out);
    co_return out;
}

// Is this allowed now? Then do it.
Task<Reply> ServerSession::dispatch(Command& command)
{
    const VerbRow& row = verbs[static_cast<std::size_t>(command.verb)];
    if (denied_ && command.verb != Verb::Quit)
        co_return base::cat("503 5.7.0 Error: access denied for ", client_.name_and_address());
    std::string_view refusal = row.refusals[static_cast<std::size_t>(state_)];
    bool helo_matters = (row.flags & verb_flag::after_helo) == 0 || settings_.helo_required;
    if (!refusal.empty() && (state_ != State::Start || helo_matters))
        co_return Reply(refusal);
    if ((row.flags & verb_flag::no_argument) != 0 && !command.argument.empty())
        co_return base::cat("501 5.5.4 Syntax: ", row.name);
    Reply reply = co_await (this->*row.handler)(command);
    co_return reply;
}

// Counts what a command came to. DATA and BDAT that go on to content are counted at their end.
void ServerSession::finish_command(const VerbRow& row, std::string_view reply)
{
    if (in_content())
        return;
    Count& count = counts_[static_cast<std::size_t>(&row - verbs.data())];
    bool overshoot = transaction_ && row.handler == &ServerSession::rcpt &&
                     reply.starts_with("452") && transaction_->overshoot > 0 &&
                     transaction_->overshoot <= settings_.overshoot_limit;
    if (!is_error(reply) && &row != &verbs.back())
        ++count.good;
    else if (!overshoot)
        ++errors_;
    if ((row.flags & verb_flag::junk) != 0 && junk_++ >= settings_.junk_command_limit)
        ++errors_;
}

Step ServerSession::step(std::size_t consumed, Reply reply)
{
    Step out;
    out.consumed = consumed;
    add_reply(out, reply);
    if (errors_ >= settings_.soft_error_limit)
        out.delay = settings_.error_sleep_time;
    out.close = closing_ || ends_session(reply);
    return out;
}

// With soft_bounce nothing is refused for good: 5 becomes 4 in the code, and in the enhanced one.
static void soften(std::string& line)
{
    if (!line.starts_with('5'))
        return;
    line[0] = '4';
    if (line.size() > 5 && line[4] == '5' && line[5] == '.')
        line[4] = '4';
}

void ServerSession::add_reply(Step& out, std::string_view reply)
{
    if (reply.empty())
        return;
    std::string text(reply);
    if (settings_.soft_bounce)
        soften(text);
    if (settings_.reject_footer != nullptr && is_error(text))
        text = with_footer(text, settings_.reject_footer->text(client_));
    base::append(out.output, text, "\r\n");
}

bool ServerSession::bare_newline_refused(bool bare_lf) const
{
    return bare_lf && settings_.bare_newline == BareNewline::Reject && !traits_.bare_newline_exempt;
}

Reply ServerSession::bare_newline_reply() const
{
    return base::cat(settings_.bare_newline_reject_code, " 5.5.2 ", settings_.hostname,
                     " Error: bare <LF> received");
}

} // namespace smtp
