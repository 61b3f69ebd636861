// SPDX-License-Identifier: Apache-2.0
// The files of pgsql: tables. What comes from a server is tested with one (tests/live).
#include "lib/table/modules/pgsql.h"

#include "tests/unit/table/modules/support.h"

namespace table {
namespace {

TEST(PgsqlModule, SaysWhatIsMissing)
{
    PgsqlModule module;
    test::expect_a_query_is_wanted(module);
}

TEST(PgsqlModule, AServerThatIsNotThereIsAnError)
{
    PgsqlModule module;
    test::expect_missing_servers_are_told(module, "pgsql");
}

} // namespace
} // namespace table
