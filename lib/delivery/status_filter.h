// SPDX-License-Identifier: Apache-2.0
// <agent>_delivery_status_filter: tables that replace the status code and the text of what became
// of a recipient, before it is logged and told. Success stays success, and failure failure; whether
// a failure is for good may change.
#pragma once

#include <string>

#include "lib/mail/outcome.h"
#include "lib/service/service.h"
#include "lib/table/maps.h"

namespace delivery {

class StatusFilter {
public:
    // `title` is the parameter's name. `tables` outlives it.
    StatusFilter(table::Tables& tables, std::string title, const std::vector<std::string>& specs)
        : maps_(tables, std::move(title), specs)
    {
    }

    bool empty() const { return maps_.empty(); }
    // Asks the tables for "X.Y.Z text". An answer that is none, and a table that cannot be asked,
    // is told in the log and changes nothing.
    base::Task<void> apply(mail::Outcome& outcome) const;

private:
    table::Maps maps_;
};

// Puts a table's answer in place. False: it is not of the same kind, or not well-formed.
bool replace_status(mail::Outcome& outcome, std::string_view answer);

} // namespace delivery
