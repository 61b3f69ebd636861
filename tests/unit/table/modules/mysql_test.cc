// SPDX-License-Identifier: Apache-2.0
// The files of mysql: tables. What comes from a server is tested with one (tests/live).
#include "lib/table/modules/mysql.h"

#include "tests/unit/table/modules/support.h"

namespace table {
namespace {

TEST(MysqlModule, SaysWhatIsMissing)
{
    MysqlModule module;
    test::expect_a_query_is_wanted(module);
}

TEST(MysqlModule, AServerThatIsNotThereIsAnError)
{
    MysqlModule module;
    test::expect_missing_servers_are_told(module, "mysql");
}

} // namespace
} // namespace table
