// SPDX-License-Identifier: Apache-2.0
// Classes for failed attempts; see labels.h.
#include "lib/failure/labels.h"

#include <array>

#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace failure {

using base::Task;

namespace {

bool needs_label(const mail::Outcome& outcome)
{
    return (outcome.status == mail::Status::Deferred || outcome.status == mail::Status::Bounced) &&
           outcome.failure.kind == mail::FailureClass::None;
}

bool is_code(std::string_view text)
{
    return text.size() >= 3 && base::is_digit(text[0]) && base::is_digit(text[1]) &&
           base::is_digit(text[2]) && (text.size() == 3 || text[3] == ' ' || text[3] == '-');
}

std::string code_of(const mail::Outcome& outcome)
{
    return is_code(outcome.reply) ? outcome.reply.substr(0, 3) : std::string("-");
}

// The reply without its codes, on one line.
std::string text_of(const mail::Outcome& outcome)
{
    std::string_view text = outcome.reply.empty() ? outcome.text : outcome.reply;
    std::string out;
    for (std::string_view line : base::split(text, "\r\n")) {
        if (!outcome.reply.empty() && is_code(line))
            line.remove_prefix(std::min<std::size_t>(line.size(), 4));
        if (line.starts_with(outcome.dsn))
            line.remove_prefix(outcome.dsn.size());
        base::append(out, out.empty() ? "" : " ", base::trim(line));
    }
    return out;
}

} // namespace

std::string table_key(const mail::Outcome& outcome)
{
    return base::cat(code_of(outcome), " ", outcome.dsn, " ", text_of(outcome));
}

void Labels::label_by_rules(mail::Outcome& outcome)
{
    if (!needs_label(outcome))
        return;
    const bool same = latest_.status == outcome.status && latest_.dsn == outcome.dsn &&
                      latest_.text == outcome.text && latest_.reply == outcome.reply;
    outcome.failure = same ? latest_.failure : rules_.classify(outcome);
    if (!same)
        latest_ = outcome;
}

bool Labels::take_value(const std::string& value, const std::string& key,
                        mail::Outcome& outcome) const
{
    const auto failure = mail::parse_failure(value);
    if (!failure || failure->kind == mail::FailureClass::None) {
        base::Log{}.warning(maps_.title(), ": \"", value, "\" is no class of failure (for \"",
                            base::printable(key, true), "\")");
        return false;
    }
    outcome.failure = *failure;
    // A deferral says nothing that holds for good.
    outcome.failure.hard = failure->hard && outcome.status == mail::Status::Bounced;
    return true;
}

Task<bool> Labels::label_by_maps(mail::Outcome& outcome)
{
    const std::string code = code_of(outcome);
    const std::array<std::string, 4> keys = {table_key(outcome), base::cat(code, "-", outcome.dsn),
                                             outcome.dsn, code};
    table::Part part = table::Part::Whole;
    for (const std::string& key : keys) {
        auto found = co_await maps_.find(key, part);
        if (!found) {
            base::Log{}.warning(maps_.title(), ": ", found.error().text);
            co_return false;
        }
        if (*found)
            co_return take_value(**found, key, outcome);
        part = table::Part::Partial;
    }
    co_return false;
}

Task<Labels::By> Labels::label(mail::Outcome& outcome)
{
    if (!needs_label(outcome))
        co_return By::Nobody;
    bool labelled = false;
    if (!maps_.empty())
        labelled = co_await label_by_maps(outcome);
    if (labelled)
        co_return By::Tables;
    label_by_rules(outcome);
    co_return By::Rules;
}

} // namespace failure
