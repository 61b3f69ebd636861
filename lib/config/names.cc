// SPDX-License-Identifier: Apache-2.0
// Which names a configuration may use; see names.h.
#include "lib/config/names.h"

#include <algorithm>
#include <array>

#include "lib/base/strings.h"
#include "lib/config/expand.h"
#include "lib/config/params/foreign.h"

namespace config {

namespace {

// What may stand behind a transport's name: qmgr's limits, and the time limit of spawn and pipe.
constexpr std::string_view kTransportSuffixes[] = {
    "_delivery_slot_cost",
    "_delivery_slot_discount",
    "_delivery_slot_loan",
    "_destination_concurrency_failed_cohort_limit",
    "_destination_concurrency_limit",
    "_destination_concurrency_negative_feedback",
    "_destination_concurrency_positive_feedback",
    "_destination_rate_delay",
    "_destination_recipient_limit",
    "_extra_recipient_limit",
    "_initial_destination_concurrency",
    "_minimum_delivery_slots",
    "_recipient_limit",
    "_recipient_refill_delay",
    "_recipient_refill_limit",
    "_time_limit",
    "_transport_rate_delay",
};

constexpr std::string_view kNamedTables[] = {
    "ldap:", "mysql:", "pgsql:", "sqlite:", "memcache:", "mongodb:"};
constexpr std::size_t kNameLimit = 128; // Bytes of a name that is compared with others.
constexpr int kNear = 3;                // Edits between a slip and the name that was meant.

} // namespace

Names::Names(const std::vector<KnownSet>& sets, const MainCf& main, const MasterCf& master)
{
    for (const ParamBase* param : sorted_params(sets)) {
        declared_.insert(param->name());
        note_value(param->spec().value);
    }
    for (const auto& [name, entry] : main.entries())
        note_value(entry.value);
    for (const ServiceEntry& service : master.entries())
        note_service(service);
    if (auto classes = main.expanded("smtpd_restriction_classes")) {
        for (std::string_view name : base::split(*classes, ", \t"))
            referenced_.emplace(name);
    }
}

void Names::note_service(const ServiceEntry& service)
{
    if (service.type != ServiceType::Inet)
        transports_.insert(service.name);
    for (const std::string& argument : service.arguments)
        note_value(argument);
}

void Names::note_value(std::string_view value)
{
    for (std::string& name : referenced_names(value))
        referenced_.insert(std::move(name));
    for (std::string_view word : base::split(value, ", \t{}=")) {
        word = word.starts_with("proxy:") ? word.substr(6) : word;
        for (std::string_view type : kNamedTables) {
            if (word.starts_with(type) && word.find('/') == std::string_view::npos)
                tables_.emplace(word.substr(type.size()));
        }
    }
}

bool Names::of_transport(std::string_view name) const
{
    return std::any_of(std::begin(kTransportSuffixes), std::end(kTransportSuffixes),
                       [&](std::string_view suffix) {
                           return name.ends_with(suffix) &&
                                  transports_.contains(name.substr(0, name.size() - suffix.size()));
                       });
}

bool Names::of_table(std::string_view name) const
{
    for (auto at = name.find('_'); at != std::string_view::npos; at = name.find('_', at + 1)) {
        if (tables_.contains(name.substr(0, at)))
            return true;
    }
    return false;
}

int edit_distance(std::string_view a, std::string_view b, int limit)
{
    if (a.size() > kNameLimit || b.size() > kNameLimit)
        return limit + 1;
    using Row = std::array<int, kNameLimit + 1>;
    Row before{};
    Row above{};
    Row row{};
    for (std::size_t j = 0; j <= b.size(); ++j)
        above[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            int change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({change, above[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = above;
        above = row;
    }
    return std::min(above[b.size()], limit + 1);
}

std::string Names::near_name(std::string_view name) const
{
    std::string best;
    int limit = std::min(kNear, static_cast<int>(name.size() / 4));
    auto consider = [&](std::string_view candidate) {
        int distance = edit_distance(name, candidate, limit);
        if (distance > limit)
            return;
        best = candidate;
        limit = distance - 1;
    };
    for (const std::string& candidate : declared_)
        consider(candidate);
    for (std::string_view candidate : foreign_names())
        consider(candidate);
    return best;
}

} // namespace config
