// SPDX-License-Identifier: Apache-2.0
// The files of mysql: tables. What comes from a server is tested with one (tests/live).
#include "lib/table/modules/mysql.h"

#include "tests/unit/table/modules/support.h"

namespace table {
namespace {

TEST(MysqlModule, SaysWhatIsMissing)
{
    MysqlModule module;
    EXPECT_EQ(test::why_not(module, "hosts = a\n"), "query is missing");
    EXPECT_EQ(test::why_not(module, "query = SELECT 1\n"), "");
}

TEST(MysqlModule, AServerThatIsNotThereIsAnError)
{
    MysqlModule module;
    test::Notes notes;
    auto opened = module.open(
        test::settings(module, "hosts = unix:/nonexistent inet:127.0.0.1:1\nquery = SELECT '%u'\n"),
        notes);
    ASSERT_TRUE(opened);
    test::Search search("user@x.org");
    auto done = (*opened)->search(search);
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().temporary());
    ASSERT_EQ(notes.lines.size(), 2U);
    EXPECT_TRUE(notes.lines[0].starts_with("connect to mysql server /nonexistent: "));
    EXPECT_TRUE(notes.lines[1].starts_with("connect to mysql server 127.0.0.1:1: "));
    test::Search unfit("@x.org");
    EXPECT_TRUE((*opened)->search(unfit)); // Known without a server.
}

} // namespace
} // namespace table
