// SPDX-License-Identifier: Apache-2.0
// Lists of restrictions, read once: at start, and by who checks a configuration.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/config/main_cf.h"
#include "lib/policy/restrictions.h"
#include "lib/table/maps.h"

namespace policy {

struct Item;
using List = std::vector<Item>;

// One element of a list: a restriction with its argument, or a class.
struct Item {
    const Restriction* rule = nullptr; // nullptr: a class.
    std::string argument;
    table::Maps maps;              // Of type:table.
    base::Duration wait{};         // Of sleep.
    const List* members = nullptr; // Of a class; owned by Lists.
    std::string class_name = {};

    std::string_view name() const { return rule != nullptr ? rule->name : class_name; }
};

// Reads lists; owns the classes. What is wrong is told in faults.
class Lists {
public:
    // All arguments outlive it.
    Lists(table::Tables& tables, const config::MainCf& main,
          const std::vector<std::string>& class_names);
    Lists(const Lists&) = delete;

    // The list of a parameter. `table_rule` is the restriction that a bare type:table means there;
    // empty: none is allowed.
    List read(std::string_view parameter, const std::vector<std::string>& elements,
              std::string_view table_rule, config::Faults& faults);

    // A list that an access table gave as its result; nothing when it is none. Kept for the next
    // time; the number of such lists is limited.
    const List* of_result(const std::string& text, std::string_view table_rule);

private:
    struct Reading {
        std::string_view parameter;
        std::string_view table_rule;
        config::Faults& faults;
    };
    void add(List& list, const std::vector<std::string>& elements, std::size_t& at,
             Reading& reading);
    void set_argument(Item& item, std::string_view text, Reading& reading);
    const List* find_class(std::string_view name, Reading& reading);
    void fault(Reading& reading, std::string_view text, std::string hint = {}) const;

    table::Tables& tables_;
    const config::MainCf& main_;
    std::map<std::string, std::unique_ptr<List>, std::less<>> classes_;
    std::map<std::string, List, std::less<>> results_;
};

// Whether a list keeps this host from relaying for everybody: it has, where it is always reached, a
// restriction that refuses unknown destinations.
bool closes_relay(const List& list);
// What is told when neither list of recipients does.
config::Fault open_relay_fault();

} // namespace policy
