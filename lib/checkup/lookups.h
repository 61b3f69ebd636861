// SPDX-License-Identifier: Apache-2.0
// Tables, match lists and restrictions of a configuration: opened as the programs would, and
// closed again.
#pragma once

#include "lib/config/master_cf.h"
#include "lib/config/param.h"
#include "lib/policy/lists.h"
#include "lib/table/tables.h"

namespace checkup {

class Lookups {
public:
    // `main` says where modules for tables are. Both outlive it.
    Lookups(const config::MainCf& main, config::Faults& faults)
        : faults_(faults), tables_({.main = &main, .warnings = &warnings_})
    {
    }
    Lookups(const Lookups&) = delete;

    // What `main` sets among `params`, and its lists of restrictions. `main` has the defaults. With
    // a service only what that sets is looked at.
    void check(const config::MainCf& main, const std::vector<config::ParamBase*>& params,
               const config::ServiceEntry* service);

private:
    struct Scope {
        const config::MainCf& main;
        const config::ServiceEntry* service;
        bool sets(std::string_view name) const;
        config::Fault fault(std::string_view name, std::string_view text) const;
        std::vector<std::string> elements(std::string_view name) const;
    };
    void check_param(const Scope& scope, const config::ParamBase& param);
    void check_restrictions(const Scope& scope);
    void check_relay(const Scope& scope, bool closed);
    void open_table(const std::string& spec, std::string_view parameter);
    void tell_tables(const Scope& scope, std::string_view name);

    config::Faults& faults_;
    table::Warnings warnings_; // Of tables, not told yet.
    table::Tables tables_;
    std::size_t told_ = 0; // Of tables_.faults().
};

} // namespace checkup
