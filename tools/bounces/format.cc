// SPDX-License-Identifier: Apache-2.0
// How entries are shown; see command.h.
#include <ctime>

#include "lib/base/strings.h"
#include "tools/bounces/command.h"

namespace bounces {

using ipc::failures::Entry;
using ipc::failures::Event;

namespace {

std::string local_time(base::WallTime when)
{
    std::time_t seconds = base::unix_seconds(when);
    std::tm parts{};
    char text[64] = {};
    ::localtime_r(&seconds, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return text;
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size() + 1, width), ' ');
    return text;
}

mail::FailureClass latest_class(const Entry& entry)
{
    return entry.latest.empty() ? mail::FailureClass::None : entry.latest.back().failure.kind;
}

std::string_view state(const Entry& entry)
{
    if (entry.suppressed)
        return "suppressed";
    return entry.hard ? "hard" : entry.counts_as_hard ? "counts-as-hard" : "soft";
}

std::string_view boolean(bool value)
{
    return value ? "true" : "false";
}

std::string event_json(const Event& event)
{
    return base::cat(
        "{\"time\": ", base::unix_seconds(event.when),
        ", \"queue_id\": ", base::json_quote(event.queue_id), ", \"class\": \"",
        mail::failure_class_name(event.failure.kind), "\", \"hard\": ", boolean(event.failure.hard),
        ", \"returned\": ", boolean(event.returned), ", \"dsn\": ", base::json_quote(event.dsn),
        ", \"reply\": ", base::json_quote(event.reply), "}");
}

std::string advice(const Entry& entry)
{
    if (entry.suppressed)
        return base::cat("Nothing is sent there. When the cause is gone: postfix bounces clear ",
                         base::printable(entry.subject, true),
                         "; then release what is on hold: postsuper --recipient ",
                         base::printable(entry.subject, true), " --release");
    return std::string(mail::failure_advice(latest_class(entry)));
}

} // namespace

std::string list_heading()
{
    return base::cat(padded("State", 15), padded("Class", 13), padded("Returned/deferred", 18),
                     padded("Latest failure", 21), "Address\n");
}

std::string list_line(const Entry& entry)
{
    return base::cat(padded(std::string(state(entry)), 15),
                     padded(std::string(mail::failure_class_name(latest_class(entry))), 13),
                     padded(base::cat(entry.returned, "/", entry.deferred), 18),
                     local_time(entry.last), "  ", base::printable(entry.subject, true), "\n");
}

std::string json(const Entry& entry)
{
    std::string out = base::cat(
        "{\"subject\": ", base::json_quote(entry.subject), ", \"state\": \"", state(entry),
        "\", \"class\": \"", mail::failure_class_name(latest_class(entry)),
        "\", \"hard\": ", boolean(entry.hard),
        ", \"counts_as_hard\": ", boolean(entry.counts_as_hard),
        ", \"suppressed\": ", boolean(entry.suppressed), ", \"returned\": ", entry.returned,
        ", \"deferred\": ", entry.deferred, ", \"soft_in_row\": ", entry.soft_in_row,
        ", \"first\": ", base::unix_seconds(entry.first),
        ", \"last\": ", base::unix_seconds(entry.last),
        ", \"advice\": ", base::json_quote(advice(entry)), ", \"latest\": [");
    std::string_view separator;
    for (const Event& event : entry.latest) {
        base::append(out, separator, event_json(event));
        separator = ", ";
    }
    return out += "]}\n";
}

std::string page(const Entry& entry)
{
    std::string out =
        base::cat(base::printable(entry.subject, true), ": ", state(entry),
                  "\n  first failure:  ", local_time(entry.first),
                  "\n  latest failure: ", local_time(entry.last), "\n  returned: ", entry.returned,
                  ", deferred: ", entry.deferred, ", soft failures in a row: ", entry.soft_in_row,
                  entry.counts_as_hard && !entry.hard ? " (counts as hard)" : "", "\n");
    for (const Event& event : entry.latest)
        base::append(out, "  ", local_time(event.when), "  ", event.queue_id, "  ",
                     event.returned ? "returned" : "deferred", "  ",
                     mail::failure_text(event.failure), "  ", event.dsn, "\n    ",
                     base::printable(event.reply, true), "\n");
    return base::cat(out, "  what to do: ", advice(entry), "\n");
}

std::string classified(const std::string& text, mail::Failure failure, bool by_tables, bool as_json)
{
    if (as_json)
        return base::cat("{\"class\": \"", mail::failure_class_name(failure.kind),
                         "\", \"hard\": ", boolean(failure.hard), ", \"by\": \"",
                         by_tables ? "failure_class_maps" : "rules",
                         "\", \"text\": ", base::json_quote(text), "}\n");
    return base::cat(padded(mail::failure_text(failure), 21), base::printable(text, true),
                     by_tables ? "  (failure_class_maps)" : "", "\n");
}

} // namespace bounces
