// SPDX-License-Identifier: Apache-2.0
// Queries from the parameters of now and of old.
#include "lib/table/modules/sql_query.h"

#include <gtest/gtest.h>

namespace table {
namespace {

using Given = std::vector<std::pair<std::string_view, std::string>>;

std::string query(const Given& given)
{
    TableSettings settings;
    for (std::string_view name : {"query", "select_function", "select_field", "table",
                                  "where_field", "additional_conditions"})
        settings.set(name, {});
    for (const auto& [name, value] : given)
        settings.set(name, {.text = value, .given = true});
    auto made = sql_query(settings);
    return made ? *made : "error: " + made.error().text;
}

TEST(SqlQuery, IsMadeOfParameters)
{
    const struct {
        Given given;
        std::string_view want;
    } cases[] = {
        {{{"query", "SELECT %s"}}, "SELECT %s"},
        {{{"query", "SELECT 1"}, {"table", "t"}}, "SELECT 1"},
        {{{"select_function", "f"}}, "SELECT f('%s')"},
        {{{"select_function", "f"}, {"table", "t"}}, "SELECT f('%s')"},
        {{{"table", "t"}, {"select_field", "a"}, {"where_field", "b"}},
         "SELECT a FROM t WHERE b = '%s' "},
        {{{"table", "t"},
          {"select_field", "a"},
          {"where_field", "b"},
          {"additional_conditions", "and c like '%x'"}},
         "SELECT a FROM t WHERE b = '%s' and c like '%%x'"},
        {{}, "error: query is missing"},
        {{{"query", ""}}, "error: query is empty"},
        {{{"table", "t"}}, "error: query is missing, and so is select_field, where_field"},
    };
    for (const auto& one : cases)
        EXPECT_EQ(query(one.given), one.want);
}

} // namespace
} // namespace table
