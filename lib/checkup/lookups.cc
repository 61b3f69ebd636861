// SPDX-License-Identifier: Apache-2.0
// Opening what a configuration names; see lookups.h.
#include "lib/checkup/lookups.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/config/param_lists.h"
#include "lib/failure/map_check.h"
#include "lib/table/match_list.h"

namespace checkup {

// Warnings about the tables of one parameter; more are only counted.
static constexpr std::size_t warnings_shown = 100;

bool Lookups::Scope::sets(std::string_view name) const
{
    if (service == nullptr)
        return main.find(name) != nullptr;
    return std::any_of(service->overrides.begin(), service->overrides.end(),
                       [name](const auto& one) { return one.first == name; });
}

config::Fault Lookups::Scope::fault(std::string_view name, std::string_view text) const
{
    config::Fault fault;
    if (const auto* entry = main.find(name)) {
        fault.file = entry->file;
        fault.line = entry->line;
    }
    fault.text = base::cat("parameter ", name, ": ", text);
    return fault;
}

// Empty for a value that cannot be read, which is told elsewhere.
std::vector<std::string> Lookups::Scope::elements(std::string_view name) const
{
    std::vector<std::string> elements;
    std::string why;
    auto text = main.expanded(name);
    if (!text || !config::List::parse(*text, elements, why))
        elements.clear();
    return elements;
}

// What opening tables for `name` has brought to light.
void Lookups::tell_tables(const Scope& scope, std::string_view name)
{
    const auto& errors = tables_.faults();
    for (; told_ < errors.size(); ++told_)
        config::add_fault(faults_, scope.fault(name, errors[told_]));
    std::size_t shown = std::min(warnings_.size(), warnings_shown);
    if (shown < warnings_.size())
        warnings_[shown] = base::cat("and ", warnings_.size() - shown, " more of these");
    for (std::size_t i = 0; i < std::min(warnings_.size(), shown + 1); ++i) {
        config::Fault fault = scope.fault(name, std::move(warnings_[i]));
        fault.warning = true;
        config::add_fault(faults_, std::move(fault));
    }
    warnings_.clear();
}

// Opens it, and looks at what it says where that is known to have a form of its own.
void Lookups::open_table(const std::string& spec, std::string_view parameter)
{
    tables_.open(spec);
    if (parameter != "failure_class_maps")
        return;
    auto faults = failure::map_faults(spec);
    warnings_.insert(warnings_.end(), faults.begin(), faults.end());
}

void Lookups::check_param(const Scope& scope, const config::ParamBase& param)
{
    const std::string& name = param.name();
    if (param.type_name() == config::Tables::name) {
        for (const auto& spec : scope.elements(name))
            open_table(spec, name);
    } else if (param.type_name() == config::Patterns::name ||
               param.type_name() == config::Networks::name) {
        bool hosts = param.type_name() == config::Networks::name;
        table::MatchList::Rules rules;
        rules.kind = hosts ? table::ListKind::Hosts : table::ListKind::Domains;
        rules.quiet = true;
        table::MatchList list(tables_, rules, scope.elements(name));
        for (auto& text : list.faults())
            config::add_fault(faults_, scope.fault(name, std::move(text)));
    }
    tell_tables(scope, name);
}

void Lookups::check_relay(const Scope& scope, bool closed)
{
    bool concerned = scope.service == nullptr || scope.sets("smtpd_relay_restrictions") ||
                     scope.sets("smtpd_recipient_restrictions");
    if (closed || !concerned)
        return;
    config::Fault fault = policy::open_relay_fault();
    for (std::string_view name : {"smtpd_relay_restrictions", "smtpd_recipient_restrictions"}) {
        const auto* entry = scope.sets(name) ? scope.main.find(name) : nullptr;
        if (entry != nullptr && fault.file.empty()) {
            fault.file = entry->file;
            fault.line = entry->line;
        }
    }
    config::add_fault(faults_, std::move(fault));
}

void Lookups::check_restrictions(const Scope& scope)
{
    policy::Lists lists(tables_, scope.main, scope.elements("smtpd_restriction_classes"));
    bool closed = false;
    for (const policy::ListParameter& row : policy::list_parameters) {
        config::Faults found;
        policy::List list = lists.read(row.name, scope.elements(row.name), row.table_rule, found);
        if (row.table_rule == "check_recipient_access")
            closed = policy::closes_relay(list) || closed;
        if (!scope.sets(row.name))
            continue;
        for (auto& fault : found)
            config::add_fault(faults_, std::move(fault));
        tell_tables(scope, row.name);
    }
    check_relay(scope, closed);
}

void Lookups::check(const config::MainCf& main, const std::vector<config::ParamBase*>& params,
                    const config::ServiceEntry* service)
{
    Scope scope{main, service};
    for (const config::ParamBase* param : params)
        if (scope.sets(param->name()))
            check_param(scope, *param);
    if (service == nullptr || service->command == "smtpd")
        check_restrictions(scope);
}

} // namespace checkup
