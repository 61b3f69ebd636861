// SPDX-License-Identifier: Apache-2.0
// Maps: the tables of one parameter, asked in order. The first that has the key answers; an error
// ends the search, because a table further on might say something else than the one that failed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/table/tables.h"

namespace table {

// What part of what we look for a key is. Patterns see only whole ones.
enum class Part : unsigned char { Whole, Partial };

class Maps {
public:
    Maps() = default;
    // `title` is the parameter's name, for messages. `specs` are the elements of its value.
    Maps(Tables& tables, std::string title, const std::vector<std::string>& specs,
         Options options = {});

    bool empty() const { return tables_.empty(); }
    const std::string& title() const { return title_; }

    // A value is never empty: a table that gives an empty one is misconfigured, and the look-up
    // fails for the time being.
    base::Task<Found> find(std::string key, Part part = Part::Whole) const;

private:
    std::string title_;
    std::vector<Table*> tables_;
};

} // namespace table
