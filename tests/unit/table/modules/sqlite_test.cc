// SPDX-License-Identifier: Apache-2.0
// sqlite: tables on a real database.
#include "lib/table/modules/sqlite.h"

#include <filesystem>
#include <sqlite3.h>

#include "tests/unit/table/modules/support.h"
#include "tests/unit/table/support.h"

namespace table {
namespace {

using Values = std::vector<std::string>;

class Sqlite : public ::testing::Test {
protected:
    Sqlite() : path_(directory_.file("mail.db"))
    {
        sqlite3* database = nullptr;
        sqlite3_open(path_.c_str(), &database);
        EXPECT_EQ(
            sqlite3_exec(database,
                         "create table a (k text, v text, n integer);"
                         "insert into a values ('joe@x.org', 'one', 1), ('joe@x.org', 'two', 2);"
                         "insert into a values ('null', NULL, 3), ('num', 7, 4);"
                         "insert into a values ('o''hara', 'irish', 5), ('b\\', 'back', 6);"
                         "insert into a values ('ü@x.org', 'ü', 7)",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
        sqlite3_close(database);
    }
    std::unique_ptr<Source> open(const std::string& more)
    {
        auto opened =
            module_.open(test::settings(module_, "dbpath = " + path_ + "\n" + more), notes_);
        if (!opened)
            ADD_FAILURE() << opened.error().text;
        return opened ? std::move(*opened) : nullptr;
    }
    Values values(Source& source, std::string key)
    {
        test::Search search(std::move(key));
        auto done = source.search(search);
        return done ? search.values : Values{"error: " + done.error().text};
    }

    tests::TemporaryDirectory directory_;
    std::string path_;
    SqliteModule module_;
    test::Notes notes_;
};

TEST_F(Sqlite, FindsTheFirstColumnOfEachRow)
{
    auto source = open("query = SELECT v, n FROM a WHERE k = '%s' ORDER BY n\n");
    EXPECT_EQ(values(*source, "joe@x.org"), (Values{"one", "two"}));
    EXPECT_EQ(values(*source, "null"), Values{});
    EXPECT_EQ(values(*source, "num"), Values{"7"});
    EXPECT_EQ(values(*source, "nobody"), Values{});
    EXPECT_EQ(values(*source, "ü@x.org"), Values{"ü"});
    EXPECT_EQ(source->files(), Values{path_});
}

TEST_F(Sqlite, TakesHostileKeysAsText)
{
    auto source = open("query = SELECT v FROM a WHERE k = '%s'\n");
    EXPECT_EQ(values(*source, "o'hara"), Values{"irish"});
    EXPECT_EQ(values(*source, "b\\"), Values{"back"});
    for (std::string_view key :
         {"' OR '1'='1", "'; DROP TABLE a; --", "\\' OR 1=1 --", "''", "'", "%s", "\xbf' OR 1=1 --",
          "\xc0\xa7 OR 1=1 --", "joe@x.org' --", "\"", "`", "\n", "/*"})
        EXPECT_EQ(values(*source, std::string(key)), Values{}) << key;
    EXPECT_EQ(values(*source, std::string("joe@x.org\0'", 11)), Values{});
    EXPECT_EQ(values(*source, "joe@x.org"), (Values{"one", "two"}));
}

TEST_F(Sqlite, QuotesApostrophes)
{
    std::string out = "x";
    EXPECT_TRUE(quote_sqlite("a'b\\c%d\"", out));
    EXPECT_EQ(out, "xa''b\\c%d\"");
    EXPECT_FALSE(quote_sqlite(std::string_view("a\0b", 3), out));
}

TEST_F(Sqlite, ErrorsAreErrors)
{
    auto syntax = open("query = SELEKT '%s'\n");
    EXPECT_EQ(values(*syntax, "k"),
              Values{"error: SQL prepare failed: near \"SELEKT\": syntax error"});
    auto gone = open("query = SELECT v FROM gone WHERE k='%s'\n");
    EXPECT_EQ(values(*gone, "k"), Values{"error: SQL prepare failed: no such table: gone"});
    auto step = open("query = SELECT abs(-9223372036854775807 - 1), '%s'\n");
    EXPECT_EQ(values(*step, "k")[0].substr(0, 23), "error: SQL step failed ");
    auto two = open("query = SELECT 'x' || '%s'; SELECT 2\n");
    EXPECT_EQ(values(*two, "k"), Values{"xk"});
    EXPECT_EQ(notes_.lines, Values{"Ignoring text at end of query: SELECT 2"});
}

TEST_F(Sqlite, KeepsToTheLimitOfTheSearch)
{
    auto source = open("query = SELECT v FROM a\n");
    test::Search search("x");
    search.limit = 2;
    EXPECT_TRUE(source->search(search));
    EXPECT_EQ(search.values.size(), 2U);
}

TEST_F(Sqlite, HasParametersOfOld)
{
    auto source = open("table = a\nselect_field = v\nwhere_field = k\n"
                       "additional_conditions = and n < 2\n");
    EXPECT_EQ(values(*source, "joe@x.org"), Values{"one"});
}

TEST_F(Sqlite, SaysWhatIsMissing)
{
    EXPECT_EQ(test::why_not(module_, "dbpath = /x\n"), "query is missing");
    EXPECT_EQ(test::why_not(module_, "query = SELECT 1\n"), "dbpath is missing");
    EXPECT_EQ(test::why_not(module_, "query = SELECT 1\ndbpath = /nonexistent/x\n"),
              "Can't open database: /nonexistent/x: unable to open database file");
    EXPECT_FALSE(std::filesystem::exists("/nonexistent/x"));
}

} // namespace
} // namespace table
