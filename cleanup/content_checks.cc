// SPDX-License-Identifier: Apache-2.0
// header_checks(5); see content_checks.h. The words and log lines are Postfix's.
#include "cleanup/content_checks.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/check_answer.h"
#include "lib/mail/header.h"
#include "lib/mail/status_code.h"

namespace cleanup {

using base::Task;

static constexpr std::size_t logged_text_limit = 200;

CheckTables::CheckTables(table::Tables& tables, const config::CleanupParams& params)
    : header_(tables, params.header_checks.name(), params.header_checks()),
      mime_(tables, params.mime_header_checks.name(), params.mime_header_checks()),
      nested_(tables, params.nested_header_checks.name(), params.nested_header_checks()),
      body_(tables, params.body_checks.name(), params.body_checks()),
      body_size_(static_cast<std::uint64_t>(params.body_checks_size_limit()))
{
}

void log_action(const base::Log& log, const EnvelopeBuilder& envelope, std::string_view action,
                std::string_view content, std::string_view text)
{
    const auto& sent = envelope.envelope();
    const std::string origin =
        sent.client.protocol.empty() ? "local" : sent.client.name_and_address();
    std::string line = base::cat(action, ": ", content, " from ", origin, "; from=<",
                                 mail::quote_address(sent.sender), ">");
    if (!envelope.first_given().empty())
        base::append(line, " to=<", mail::quote_address(envelope.first_given()), ">");
    if (!sent.client.protocol.empty())
        base::append(line, " proto=", sent.client.protocol);
    if (!sent.client.helo.empty())
        base::append(line, " helo=<", sent.client.helo, ">");
    if (!text.empty())
        base::append(line, ": ", text);
    log.info(line);
}

const ContentChecks::Action ContentChecks::actions[] = {
    {"REJECT", &ContentChecks::reject},   {"WARN", &ContentChecks::warning},
    {"INFO", &ContentChecks::info},       {"FILTER", &ContentChecks::filter},
    {"PASS", &ContentChecks::pass},       {"DISCARD", &ContentChecks::discard},
    {"HOLD", &ContentChecks::hold},       {"PREPEND", &ContentChecks::prepend},
    {"REPLACE", &ContentChecks::replace}, {"REDIRECT", &ContentChecks::redirect},
    {"BCC", &ContentChecks::bcc},         {"STRIP", &ContentChecks::strip},
    {"IGNORE", &ContentChecks::ignore},   {"DUNNO", &ContentChecks::dunno},
    {"OK", &ContentChecks::dunno}, // The old word.
};

void ContentChecks::log(const Subject& subject, std::string_view action,
                        std::string_view text) const
{
    const std::string content =
        base::cat(subject.header ? "header " : "body ",
                  std::string_view(subject.shown).substr(0, logged_text_limit));
    log_action(log_, envelope_, action, content, text);
}

// Whether a line may stand where the subject does; told when not.
bool ContentChecks::is_line_for(const Subject& subject, std::string_view action,
                                std::string_view line) const
{
    const std::string why =
        mail::why_not_for_place({action, line}, subject.header, subject.maps.title());
    if (!why.empty())
        log_.warning(why);
    return why.empty();
}

// "4.7.1 text" and "5.7.1 text" choose between try again and never.
Task<void> ContentChecks::reject(const Subject& subject, std::string argument, Result&)
{
    std::string_view text = argument;
    const std::size_t length = mail::status_code_length(text);
    Finished why = failure::content_rejected;
    if (length > 0) {
        why.dsn = text.substr(0, length);
        text = base::trim_left(text.substr(length));
    }
    if (why.dsn[0] == '2') {
        log_.warning("bad DSN action in ", argument, " -- need 4.x.x or 5.x.x");
        why.dsn[0] = '4';
    }
    if (!argument.empty())
        why.text = text;
    if (why.dsn[0] == '4') {
        why.verdict = Verdict::Temporary;
        why.code = 451;
    }
    log(subject, "reject", base::cat(why.dsn, " ", why.text));
    disposition_.failure.set(why);
    done_ = true;
    co_return;
}

Task<void> ContentChecks::warning(const Subject& subject, std::string argument, Result&)
{
    log(subject, "warning", argument);
    co_return;
}

Task<void> ContentChecks::info(const Subject& subject, std::string argument, Result&)
{
    log(subject, "info", argument);
    co_return;
}

Task<void> ContentChecks::filter(const Subject& subject, std::string argument, Result&)
{
    if (argument.empty()) {
        log_.warning("missing FILTER command argument in ", subject.maps.title(), " map");
    } else if (argument.find(':') == std::string::npos) {
        log_.warning("bad FILTER command ", argument, " in ", subject.maps.title(),
                     " -- need transport:destination");
    } else {
        log(subject, "filter", argument);
        envelope_.attribute(queue::attribute::content_filter, std::move(argument));
    }
    co_return;
}

Task<void> ContentChecks::pass(const Subject& subject, std::string argument, Result&)
{
    log(subject, "pass", argument);
    done_ = true;
    co_return;
}

Task<void> ContentChecks::discard(const Subject& subject, std::string argument, Result&)
{
    log(subject, "discard", argument);
    disposition_.discard = true;
    done_ = true;
    co_return;
}

Task<void> ContentChecks::hold(const Subject& subject, std::string argument, Result&)
{
    if (disposition_.hold || disposition_.discard)
        co_return;
    log(subject, "hold", argument);
    disposition_.hold = true;
    envelope_.attribute(queue::attribute::hold, std::move(argument));
}

Task<void> ContentChecks::prepend(const Subject& subject, std::string argument, Result& result)
{
    if (!is_line_for(subject, "PREPEND", argument))
        co_return;
    log(subject, "prepend", argument);
    base::append(result.before, argument, "\r\n");
}

Task<void> ContentChecks::replace(const Subject& subject, std::string argument, Result& result)
{
    if (!is_line_for(subject, "REPLACE", argument))
        co_return;
    log(subject, "replace", argument);
    result.text = subject.header ? base::cat(argument, "\r\n") : std::move(argument);
}

Task<void> ContentChecks::redirect(const Subject& subject, std::string argument, Result&)
{
    if (argument.find('@') == std::string::npos) {
        log_.warning("bad REDIRECT target \"", argument, "\" in ", subject.maps.title(),
                     " map -- need user@domain");
        co_return;
    }
    log(subject, "redirect", argument);
    done_ = true;
    co_await envelope_.redirect(std::move(argument));
}

Task<void> ContentChecks::bcc(const Subject& subject, std::string argument, Result&)
{
    if (argument.find('@') == std::string::npos) {
        log_.warning("bad BCC address \"", argument, "\" in ", subject.maps.title(),
                     " map -- need user@domain");
        co_return;
    }
    log(subject, "bcc", argument);
    co_await envelope_.bcc(std::move(argument));
}

Task<void> ContentChecks::strip(const Subject& subject, std::string argument, Result& result)
{
    log(subject, "strip", argument);
    result.kept = false;
    co_return;
}

Task<void> ContentChecks::ignore(const Subject&, std::string, Result& result)
{
    result.kept = false;
    co_return;
}

Task<void> ContentChecks::dunno(const Subject&, std::string, Result&)
{
    co_return;
}

Task<void> ContentChecks::check(const Subject& subject, Result& result)
{
    auto found = co_await subject.maps.find(subject.shown);
    if (!found) {
        log_.warning(found.error().text);
        log_.warning(subject.maps.title(),
                     " map lookup problem -- message not accepted, try again later");
        disposition_.failure.set(failure::write_error);
        done_ = true;
        co_return;
    }
    if (!*found)
        co_return;
    const mail::CheckAnswer answer = mail::read_check_answer(**found);
    const auto* action =
        std::find_if(std::begin(actions), std::end(actions),
                     [&](const Action& one) { return base::iequals(one.name, answer.action); });
    if (action == std::end(actions)) {
        log_.warning("unknown command in ", subject.maps.title(), " map: ", **found);
        co_return;
    }
    co_await (this->*action->act)(subject, std::string(answer.text), result);
}

Task<ContentChecks::Result> ContentChecks::field(Place place, std::string raw)
{
    Result result;
    const mail::HeaderField field = mail::as_field(raw);
    const table::Maps& maps = field.is_mime() || place == Place::Part ? tables_.mime_
                              : place == Place::Nested                ? tables_.nested_
                                                                      : tables_.header_;
    Subject subject{maps, true, {}};
    if (!done_ && !maps.empty())
        subject.shown = field.lines();
    result.text = std::move(raw);
    if (!subject.shown.empty())
        co_await check(subject, result);
    co_return result;
}

Task<ContentChecks::Result> ContentChecks::line(std::string text, std::uint64_t offset)
{
    Result result;
    Subject subject{tables_.body_, false, {}};
    const bool within = tables_.body_size_ == 0 || offset < tables_.body_size_;
    if (!done_ && within)
        subject.shown = text;
    result.text = std::move(text);
    if (!subject.shown.empty())
        co_await check(subject, result);
    co_return result;
}

} // namespace cleanup
