// SPDX-License-Identifier: Apache-2.0
// What class a reply would get: asked as the queue manager asks; see command.h.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/event/loop.h"
#include "lib/failure/labels.h"
#include "lib/table/tables.h"
#include "tools/bounces/command.h"

namespace bounces {

namespace {

bool begins_with_code(std::string_view text)
{
    return text.size() >= 3 && (text[0] == '4' || text[0] == '5') && base::is_digit(text[1]) &&
           base::is_digit(text[2]) && (text.size() == 3 || text[3] == ' ' || text[3] == '-');
}

// "X.Y.Z" at the beginning of the text, or nothing.
std::string dsn_at(std::string_view text)
{
    const auto end = text.find_first_not_of("0123456789.");
    const std::string_view word = text.substr(0, end);
    const auto dots = std::count(word.begin(), word.end(), '.');
    const bool is_dsn = word.size() >= 5 && word[1] == '.' && dots == 2 && word.back() != '.';
    return is_dsn ? std::string(word) : std::string();
}

} // namespace

mail::Outcome outcome_of(std::string_view text)
{
    constexpr std::string_view said = " said: ", in_reply = " (in reply to ";
    text = base::trim(text);
    mail::Outcome outcome;
    outcome.text = text;
    if (const auto at = text.find(said); at != text.npos) // As the log has it.
        text = text.substr(at + said.size());
    text = text.substr(0, text.rfind(in_reply));
    const bool replied = begins_with_code(text);
    if (replied)
        outcome.reply = text;
    const char kind = replied ? text.front() : '5';
    outcome.dsn = dsn_at(replied ? base::trim(text.substr(std::min<std::size_t>(text.size(), 4)))
                                 : std::string_view(outcome.text));
    if (outcome.dsn.empty())
        outcome.dsn = {kind, '.', '0', '.', '0'};
    outcome.status =
        outcome.dsn.front() == '4' || kind == '4' ? mail::Status::Deferred : mail::Status::Bounced;
    return outcome;
}

static base::Task<void> classify_one(failure::Labels& labels, std::string text, bool json)
{
    mail::Outcome outcome = outcome_of(text);
    const auto by = co_await labels.label(outcome);
    const std::string line =
        classified(text, outcome.failure, by == failure::Labels::By::Tables, json);
    std::fwrite(line.data(), 1, line.size(), stdout);
}

int classify(const Request& request, const std::vector<std::string>& class_maps)
{
    events::Loop loop;
    table::Tables tables{{}};
    failure::Labels labels{{tables, "failure_class_maps", class_maps}};
    for (const auto& fault : tables.faults())
        base::Log{}.warning(fault);
    const auto one = [&](const std::string& text) {
        base::Scope scope;
        scope.spawn(classify_one(labels, text, request.json));
        while (!scope.empty())
            loop.turn(std::chrono::seconds(1));
    };
    for (const std::string& text : request.subjects)
        one(text);
    if (request.subjects.empty())
        for (std::string line; std::getline(std::cin, line);)
            one(line);
    return std::fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace bounces
