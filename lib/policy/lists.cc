// SPDX-License-Identifier: Apache-2.0
// Reading lists of restrictions; see lists.h.
#include "lib/policy/lists.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/config/param.h"

namespace policy {

// Results of access tables that are lists; more than these are not kept, and fail.
static constexpr std::size_t result_limit = 1000;

static constexpr std::string_view relay_ends[] = {
    "reject_unauth_destination", "defer_unauth_destination", "reject", "defer", "defer_if_permit"};

Lists::Lists(table::Tables& tables, const config::MainCf& main,
             const std::vector<std::string>& class_names)
    : tables_(tables), main_(main)
{
    for (const std::string& name : class_names)
        classes_.emplace(name, nullptr);
}

void Lists::fault(Reading& reading, std::string_view text, std::string hint) const
{
    config::Fault fault;
    if (const auto* entry = main_.find(reading.parameter)) {
        fault.file = entry->file;
        fault.line = entry->line;
    }
    fault.text = base::cat("parameter ", reading.parameter, ": ", text);
    fault.hint = std::move(hint);
    config::add_fault(reading.faults, std::move(fault));
}

List Lists::read(std::string_view parameter, const std::vector<std::string>& elements,
                 std::string_view table_rule, config::Faults& faults)
{
    Reading reading{parameter, table_rule, faults};
    List list;
    for (std::size_t at = 0; at < elements.size(); ++at)
        add(list, elements, at, reading);
    return list;
}

void Lists::set_argument(Item& item, std::string_view text, Reading& reading)
{
    item.argument = std::string(text);
    switch (item.rule->argument) {
    case Argument::None:
    case Argument::Other: break;
    case Argument::Table:
        if (!table::is_table_name(text))
            fault(reading, base::cat("restriction ", item.rule->name, ": bad argument \"", text,
                                     "\": need maptype:mapname"));
        else
            item.maps = table::Maps(tables_, std::string(reading.parameter), {item.argument});
        break;
    case Argument::Number: {
        auto seconds = base::parse_int<std::uint32_t>(text);
        if (!seconds)
            fault(reading,
                  base::cat("restriction ", item.rule->name, " must be followed by number"));
        item.wait = std::chrono::seconds(seconds.value_or(0));
        break;
    }
    }
}

// Takes the element at `at`, and those that belong to it.
void Lists::add(List& list, const std::vector<std::string>& elements, std::size_t& at,
                Reading& reading)
{
    const std::string& word = elements[at];
    Item item;
    if (table::is_table_name(word)) {
        item.rule = find_restriction(reading.table_rule);
        if (item.rule == nullptr)
            return fault(reading, base::cat("unexpected lookup table ", word));
        set_argument(item, word, reading);
        return list.push_back(std::move(item));
    }
    if (classes_.contains(word)) {
        item.members = find_class(word, reading);
        item.class_name = word;
        if (item.members != nullptr)
            list.push_back(std::move(item));
        return;
    }
    item.rule = find_restriction(word);
    if (item.rule == nullptr) {
        auto near = near_restriction(word);
        return fault(reading, base::cat("unknown smtpd restriction: \"", word, "\""),
                     near.empty() ? std::string() : base::cat("Did you mean ", near, "?"));
    }
    bool has_next = at + 1 < elements.size();
    if (item.rule->argument != Argument::None && !has_next)
        return fault(reading, base::cat("restriction ", word, " needs an argument"));
    if (item.rule->argument != Argument::None)
        set_argument(item, elements[++at], reading);
    if (item.rule->support == Support::Absent)
        return fault(reading, base::cat("restriction ", word,
                                        " is not in this release, and without it mail would pass "
                                        "that you want refused"));
    list.push_back(std::move(item));
}

const List* Lists::find_class(std::string_view name, Reading& reading)
{
    auto& known = classes_.find(name)->second;
    if (known)
        return known.get();
    known = std::make_unique<List>(); // Classes may name each other; asking them has a limit.
    if (main_.find(name) == nullptr) {
        fault(reading, base::cat("restriction class `", name, "' needs a definition"));
        return nullptr;
    }
    auto text = main_.expanded(name, reading.faults);
    std::vector<std::string> elements;
    std::string why;
    if (!text)
        return nullptr;
    if (!config::List::parse(*text, elements, why)) {
        fault(reading, base::cat("restriction class ", name, ": ", why));
        return nullptr;
    }
    *known = read(name, elements, reading.table_rule, reading.faults);
    return known.get();
}

const List* Lists::of_result(const std::string& text, std::string_view table_rule)
{
    std::string key = base::cat(table_rule, " ", text);
    auto found = results_.find(key);
    if (found != results_.end())
        return &found->second;
    if (results_.size() >= result_limit)
        return nullptr;
    std::vector<std::string> elements;
    std::string why;
    config::Faults faults;
    if (!config::List::parse(text, elements, why))
        return nullptr;
    List list = read("access table", elements, table_rule, faults);
    for (const auto& one : faults)
        base::Log{}.warning(one.text);
    if (!faults.empty() || list.empty())
        return nullptr;
    return &results_.emplace(std::move(key), std::move(list)).first->second;
}

static bool closes_relay(const List& list, int depth)
{
    static constexpr int class_depth = 20;
    for (std::size_t i = 0; i < list.size(); ++i) {
        std::string_view name = list[i].name();
        if (name == "warn_if_reject") {
            ++i;
            continue;
        }
        if (name == "permit") {
            if (i + 1 < list.size())
                base::Log{}.warning("restriction `", list[i + 1].name(),
                                    "' after `permit' is "
                                    "ignored");
            return false;
        }
        if (std::find(std::begin(relay_ends), std::end(relay_ends), name) != std::end(relay_ends))
            return true;
        bool within = list[i].members != nullptr && depth < class_depth &&
                      closes_relay(*list[i].members, depth + 1);
        if (within)
            return true;
    }
    return false;
}

bool closes_relay(const List& list)
{
    return closes_relay(list, 0);
}

config::Fault open_relay_fault()
{
    return {.text = "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, "
                    "specify at least one working instance of: reject_unauth_destination, "
                    "defer_unauth_destination, reject, defer, defer_if_permit or "
                    "check_relay_domains"};
}

} // namespace policy
