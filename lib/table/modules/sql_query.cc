// SPDX-License-Identifier: Apache-2.0
// Queries from parameters; see sql_query.h.
#include "lib/table/modules/sql_query.h"

#include "lib/base/strings.h"

namespace table {

// Texts of old become part of a template.
static std::string literally(std::string_view text)
{
    std::string out;
    for (char c : text)
        out.append(c == '%' ? 2 : 1, c);
    return out;
}

base::Result<std::string> sql_query(const TableSettings& settings)
{
    if (!settings.text("query").empty())
        return settings.text("query");
    if (settings.given("query"))
        return misconfigured("query is empty");
    if (settings.given("select_function") && !settings.text("select_function").empty())
        return base::cat("SELECT ", literally(settings.text("select_function")), "('%s')");
    std::string missing;
    for (std::string_view name : {"select_field", "table", "where_field"})
        if (settings.text(name).empty())
            base::append(missing, missing.empty() ? "" : ", ", name);
    if (missing == "select_field, table, where_field")
        return misconfigured("query is missing");
    if (!missing.empty())
        return misconfigured(base::cat("query is missing, and so is ", missing));
    return base::cat("SELECT ", literally(settings.text("select_field")), " FROM ",
                     literally(settings.text("table")), " WHERE ",
                     literally(settings.text("where_field")), " = '%s' ",
                     literally(settings.text("additional_conditions")));
}

} // namespace table
