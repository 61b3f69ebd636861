// SPDX-License-Identifier: Apache-2.0
// The page and the JSON of --why; see why_page.h.
#include "tools/postqueue/why_page.h"

#include <algorithm>

#include <ctime>

#include "lib/base/strings.h"
#include "lib/queue/listing.h"
#include "tools/postqueue/advice.h"
#include "tools/postqueue/format.h"

namespace postqueue {

using ipc::qmgr::DestinationState;
using ipc::qmgr::ExplainedRecipient;
using ipc::qmgr::Explanation;
using queue::shown_address;
using queue::shown_text;

namespace {

std::string time_text(base::WallTime when)
{
    const std::time_t seconds = base::unix_seconds(when);
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr)
        return "?";
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    return text;
}

std::string span_text(base::Duration span)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
    return seconds < 60 ? base::cat(std::max<long long>(0, seconds), 's') : age_text(span);
}

// "2023-11-14 22:13:20 (in 5m)", "... (3d 2h ago)".
std::string when_text(base::WallTime when, base::WallTime now)
{
    if (when > now)
        return base::cat(time_text(when), " (in ", span_text(when - now), ")");
    return base::cat(time_text(when), " (", span_text(now - when), " ago)");
}

std::string_view status_word(mail::Status status)
{
    switch (status) {
    case mail::Status::Queued: return "not tried yet";
    case mail::Status::Deferred: return "deferred";
    case mail::Status::Sent: return "sent";
    case mail::Status::Bounced: return "bounced";
    case mail::Status::Expanded: return "expanded";
    }
    return "?";
}

void append_attempts(std::string& to, const ExplainedRecipient& recipient)
{
    std::uint32_t last = 0;
    for (const auto& attempt : recipient.history) {
        const mail::Outcome& outcome = attempt.outcome;
        if (attempt.number > last + 1)
            base::append(to, "    ... ", attempt.number - last - 1, " more that are not kept\n");
        last = attempt.number;
        base::append(to, "    ", attempt.number, ". ", time_text(outcome.when));
        if (!outcome.relay.empty())
            base::append(to, "  ", shown_text(outcome.relay));
        base::append(to, "  ", status_word(outcome.status), ' ', shown_text(outcome.dsn));
        if (const auto failure = mail::failure_text(outcome.failure); !failure.empty())
            base::append(to, "  ", failure);
        to += '\n';
        if (!outcome.text.empty())
            base::append(to, "       ", shown_text(outcome.text), '\n');
        // Mostly it stands in the text already.
        if (!outcome.reply.empty() && outcome.text.find(outcome.reply) == std::string::npos)
            base::append(to, "       reply: ", shown_text(outcome.reply), '\n');
    }
}

void append_indented(std::string& to, std::string_view lines, std::string_view indent)
{
    while (!lines.empty())
        base::append(to, indent, base::cut(lines, '\n'), '\n');
}

void append_recipient(std::string& to, const std::string& id, const Explanation& message,
                      const ExplainedRecipient& recipient, base::WallTime now)
{
    base::append(to, "\n  to ", shown_address(recipient.recipient.address));
    const std::string& original = recipient.recipient.original;
    if (!original.empty() && original != recipient.recipient.address)
        base::append(to, " (for ", shown_address(original), ")");
    base::append(to, ": ", status_word(recipient.status));
    if (recipient.attempts > 0)
        base::append(to, ", ", recipient.attempts, recipient.attempts == 1 ? " try" : " tries");
    to += '\n';
    append_attempts(to, recipient);
    append_indented(to, destination_text(recipient.destination, now), "    ");
    for (const std::string& sentence : advice(id, message, recipient))
        base::append(to, "    -> ", sentence, '\n');
}

void append_text(std::string& to, std::string_view name, std::string_view value)
{
    if (!value.empty())
        base::append(to, ", \"", name, "\": ", base::json_quote(shown_text(value)));
}

void append_time(std::string& to, std::string_view name, base::WallTime when)
{
    if (when != base::WallTime{})
        base::append(to, ", \"", name, "\": ", base::unix_seconds(when));
}

void append_json(std::string& to, const DestinationState& state)
{
    if (state.transport.empty() && state.summary.empty())
        return; // Nobody who knows was asked.
    base::append(to, ", \"destination\": {\"transport\": ", base::json_quote(state.transport),
                 ", \"next_hop\": ", base::json_quote(shown_text(state.next_hop)),
                 ", \"dead\": ", state.dead ? "true" : "false",
                 ", \"in_delivery\": ", state.in_delivery, ", \"concurrency\": ", state.concurrency,
                 ", \"waiting\": ", state.waiting, ", \"rate_delay\": ",
                 std::chrono::duration_cast<std::chrono::seconds>(state.rate_delay).count());
    append_time(to, "dead_since", state.dead_since);
    append_time(to, "dead_until", state.dead_until);
    append_text(to, "reason", state.reason);
    append_text(to, "summary", state.summary);
    to += '}';
}

void append_json(std::string& to, const ipc::qmgr::PastAttempt& attempt)
{
    const mail::Outcome& outcome = attempt.outcome;
    base::append(to, "{\"number\": ", attempt.number,
                 ", \"time\": ", base::unix_seconds(outcome.when), ", \"status\": \"",
                 status_word(outcome.status), '"');
    append_failure(to, outcome.failure);
    append_text(to, "dsn", outcome.dsn);
    append_text(to, "relay", outcome.relay);
    append_text(to, "mta", outcome.mta);
    append_text(to, "reason", outcome.text);
    append_text(to, "reply", outcome.reply);
    to += '}';
}

void append_json(std::string& to, const std::string& id, const Explanation& message,
                 const ExplainedRecipient& recipient)
{
    const auto& address = recipient.recipient;
    base::append(to, "{\"address\": ", base::json_quote(shown_address(address.address)));
    if (!address.original.empty() && address.original != address.address)
        base::append(to, ", \"orig_address\": ", base::json_quote(shown_address(address.original)));
    base::append(to, ", \"status\": \"", status_word(recipient.status),
                 "\", \"tries\": ", recipient.attempts, ", \"attempts\": [");
    std::string_view separator;
    for (const auto& attempt : recipient.history) {
        to += separator;
        append_json(to, attempt);
        separator = ", ";
    }
    to += ']';
    append_json(to, recipient.destination);
    to += ", \"advice\": [";
    separator = {};
    for (const std::string& sentence : advice(id, message, recipient)) {
        base::append(to, separator, base::json_quote(sentence));
        separator = ", ";
    }
    to += "]}";
}

} // namespace

std::string destination_text(const DestinationState& state, base::WallTime now)
{
    std::string text;
    if (state.transport.empty())
        return state.summary.empty()
                   ? text
                   : base::cat("cannot be routed: ", shown_text(state.summary), '\n');
    base::append(text, "goes by ", state.transport, " to ", shown_text(state.next_hop), '\n');
    if (state.summary.empty())
        return text;
    base::append(text, shown_text(state.summary), '\n');
    if (state.dead && state.dead_since != base::WallTime{})
        base::append(text, "given up since ", when_text(state.dead_since, now), ", until ",
                     when_text(state.dead_until, now), '\n');
    const bool busy = state.in_delivery > 0 || state.waiting > 0 || state.dead;
    if (!busy && state.rate_delay == base::Duration{0})
        return text;
    base::append(text, state.in_delivery, " in delivery, at most ", state.concurrency,
                 " side by side, ", state.waiting, " recipients in line");
    if (state.rate_delay > base::Duration{0})
        base::append(text, ", one every ",
                     std::chrono::duration_cast<std::chrono::seconds>(state.rate_delay).count(),
                     " s");
    text += '\n';
    return text;
}

void append_why(std::string& to, const std::string& id, const Explanation& message,
                base::WallTime now)
{
    base::append(to, id, ": ", message.queue, ", from ", shown_address(message.sender), ", ",
                 message.size, " bytes\n  came ", when_text(message.arrival, now), '\n');
    if (!message.hold_reason.empty())
        base::append(to, "  held because: ", shown_text(message.hold_reason), '\n');
    if (message.next_attempt != base::WallTime{})
        base::append(to, "  next try ",
                     message.next_attempt > now ? when_text(message.next_attempt, now)
                                                : "as soon as there is room",
                     '\n');
    const bool ages = message.queue != "hold";
    if (message.expires != base::WallTime{} && !message.expired && ages)
        base::append(to, "  goes back to its sender after ", when_text(message.expires, now), '\n');
    base::append(to, "  ", message.waiting, " of ", message.recipient_count,
                 message.recipient_count == 1 ? " recipient waits\n" : " recipients wait\n");
    for (const auto& recipient : message.recipients)
        append_recipient(to, id, message, recipient, now);
    if (message.recipients.size() < message.waiting)
        base::append(to, "\n  ... and ", message.waiting - message.recipients.size(), " more\n");
}

void append_why_json(std::string& to, const std::string& id, const Explanation& message)
{
    base::append(to, "{\"queue_name\": ", base::json_quote(message.queue),
                 ", \"queue_id\": ", base::json_quote(id),
                 ", \"arrival_time\": ", base::unix_seconds(message.arrival),
                 ", \"message_size\": ", message.size,
                 ", \"forced_expire\": ", message.expired ? "true" : "false",
                 ", \"sender\": ", base::json_quote(shown_address(message.sender)));
    append_time(to, "next_attempt", message.next_attempt);
    append_time(to, "expires", message.expires);
    append_text(to, "hold_reason", message.hold_reason);
    base::append(to, ", \"recipient_count\": ", message.recipient_count,
                 ", \"waiting\": ", message.waiting, ", \"recipients\": [");
    std::string_view separator;
    for (const auto& recipient : message.recipients) {
        to += separator;
        append_json(to, id, message, recipient);
        separator = ", ";
    }
    to += "]}\n";
}

} // namespace postqueue
