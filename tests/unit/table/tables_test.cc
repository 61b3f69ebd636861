// SPDX-License-Identifier: Apache-2.0
// All table types through the one interface.
#include "lib/table/tables.h"

#include "lib/base/log_sinks.h"
#include "lib/base/strings.h"
#include "lib/config/main_cf.h"
#include "lib/event/loop.h"
#include "lib/table/cidr_table.h"
#include "lib/table/file_table.h"
#include "lib/table/lmdb_file.h"
#include "lib/table/maps.h"
#include "lib/table/pattern_table.h"
#include "lib/table/rules.h"
#include "lib/table/simple_tables.h"
#include "lib/table/source.h"
#include "lib/table/table.h"
#include "tests/unit/table/support.h"

namespace table {
namespace {

constexpr std::string_view none = "(none)";
constexpr std::string_view failed = "(error)";

std::string look(Table& table, std::string_view key)
{
    auto found = table.now(key);
    if (!found)
        return std::string(failed);
    return *found ? **found : std::string(none);
}

class TablesTest : public ::testing::Test {
protected:
    TablesTest() : before_(base::set_log_sink(&log_)) {}
    ~TablesTest() override { base::set_log_sink(before_); }

    bool logged(std::string_view text) const
    {
        for (const auto& line : log_.lines)
            if (line.find(text) != std::string::npos)
                return true;
        return false;
    }

    base::MemoryLogSink log_;
    base::LogSink* before_;
    tests::TemporaryDirectory directory_;
    Tables tables_{{}};
};

TEST_F(TablesTest, AFileThatComesLaterIsWaitedFor)
{
    const std::string hash = directory_.file("later");
    Table& table = tables_.open("hash:" + hash);
    EXPECT_EQ(look(table, "key"), failed);
    EXPECT_FALSE(tables_.stale(base::MonoTime(std::chrono::seconds(10))));
    ASSERT_TRUE(write_lmdb(hash + ".lmdb", {{"key", "value"}}, {}));
    EXPECT_TRUE(tables_.stale(base::MonoTime(std::chrono::seconds(20))));
}

TEST_F(TablesTest, SeesThatAFileWasReplacedWhereItsNameIsOutOfReach)
{
    const std::string path = directory_.file("jailed.lmdb");
    ASSERT_TRUE(write_lmdb(path, {{"key", "value"}}, {}));
    auto reader = LmdbReader::open(path);
    ASSERT_TRUE(reader);
    EXPECT_TRUE(reader->is_current("/nonexistent"));
    ASSERT_TRUE(write_lmdb(path, {{"key", "other"}}, {}));
    EXPECT_FALSE(reader->is_current("/nonexistent"));
}

TEST_F(TablesTest, TellsWhoseWordATableIs)
{
    const std::string hash = directory_.file("hash");
    ASSERT_TRUE(write_lmdb(hash + ".lmdb", {{"key", "value"}}, {}));
    const std::string text = directory_.write("text", "key value\n");
    const std::string regexp = directory_.write("regexp", "/x/ y\n");
    const std::optional<uid_t> mine = ::geteuid();
    struct {
        std::string spec;
        std::optional<uid_t> want;
    } cases[] = {
        {"hash:" + hash, mine},
        {"texthash:" + text, mine},
        {"regexp:" + regexp, mine},
        {"pcre:{{/x/ y}}", 0},
        {"inline:{a=b}", 0},
        {"static:x", 0},
        {"unix:passwd.byname", 0},
        {"environ:X", std::nullopt},
        {"hash:/nonexistent", std::nullopt},
        {"unionmap:{static:a, inline:{a=b}}", 0},
        {"unionmap:{static:a, environ:X}", std::nullopt},
    };
    for (const auto& c : cases)
        EXPECT_EQ(tables_.open(c.spec).owner(), c.want) << c.spec;
}

TEST_F(TablesTest, EveryTypeGivesWhatItHasAndNothingElse)
{
    std::string hash = directory_.file("hash");
    ASSERT_TRUE(write_lmdb(hash + ".lmdb", {{"key", "value"}, {"caf\xc3\xa9", "drink"}}, {}));
    std::string without = directory_.file("without");
    ASSERT_TRUE(write_lmdb(without + ".lmdb", {{"key", "value"}}, {.nul = false}));
    const char* source = std::getenv("SRCDIR");
    std::string samples = base::cat(source != nullptr ? source : ".", "/fuzz/corpus/berkeley/");
    std::string text = directory_.write("text", "# note\nkey  value\nother two  words\n   more \n"
                                                "\"a b\" quoted\n");
    std::string cidr = directory_.write("cidr", "192.0.2.0/24 value\n");
    struct {
        std::string spec, key;
        std::string_view want;
    } cases[] = {
        {"lmdb:" + hash, "key", "value"},
        {"lmdb:" + hash, "KEY", "value"},
        {"lmdb:" + hash, "CAF\xc3\x89", "drink"},
        {"lmdb:" + hash, "ke", none},
        {"lmdb:" + hash, "", none},
        {"lmdb:" + hash, std::string(600, 'x'), none},
        {"lmdb:" + without, "key", "value"},
        {"hash:" + hash, "key", "value"},
        {"btree:" + hash, "key", "value"},
        {"hash:" + samples + "hash", "USER7", "dest7"},
        {"btree:" + samples + "btree", "user7", "dest7"},
        {"hash:" + samples + "btree", "user7", "dest7"},
        {"hash:" + samples + "hash", "user", none},
        {"hash:" + samples + "hash", std::string(600, 'x'), none},
        {"hash:" + samples + "duplicates_hash", "a", failed},
        {"texthash:" + text, "key", "value"},
        {"texthash:" + text, "Other", "two  words   more"},
        {"texthash:" + text, "\"a b\"", "quoted"},
        {"texthash:" + text, "a b", none},
        {"texthash:{{key value}, {k2 v2}}", "k2", "v2"},
        {"static:value", "anything", "value"},
        {"static:{ two words }", "anything", "two words"},
        {"inline:{ {key = two words} other=x, KEY=last }", "key", "last"},
        {"inline:{ {key = two words} other=x }", "key", "two words"},
        {"inline:{ key=value }", "none", none},
        {"fail:reason", "key", failed},
        {"cidr:" + cidr, "192.0.2.77", "value"},
        {"cidr:" + cidr, "192.0.3.77", none},
        {"cidr:" + cidr, "no address", none},
        {"regexp:{{/^k(.*)$/ <$1>}}", "Key", "<ey>"},
        {"pcre:{{/^k(?<n>.*)$/ <$1>}}", "Key", "<ey>"},
        {"unionmap:{static:a,inline:{k=v}}", "k", "a,v"},
        {"unionmap:{inline:{a=b} inline:{k=v}}", "z", none},
        {"unionmap:{static:a,fail:x}", "k", failed},
        {"pipemap:{inline:{k=v},inline:{v=w}}", "k", "w"},
        {"pipemap:{inline:{k=v},inline:{x=w}}", "k", none},
        {"randmap:{one}", "k", "one"},
        {"unix:passwd.byname", "no-such-user-here", none},
        {"proxy:static:value", "k", "value"},
        // Not opened: each look-up is an error, for the time being.
        {"inline:{x}", "k", failed},
        {"unionmap:{static:a}x", "k", failed},
        {"mysql:/etc/x.cf", "k", failed},
        {"nonsense:x", "k", failed},
        {"static:", "k", failed},
        {"plain", "k", failed},
        {"texthash:/no/such/file", "k", failed},
        {"lmdb:/no/such/file", "k", failed},
        {"unix:shadow.byname", "k", failed},
    };
    for (const auto& one : cases)
        EXPECT_EQ(look(tables_.open(one.spec), one.key), one.want) << one.spec << " " << one.key;
}

TEST_F(TablesTest, UsersAreFoundByName)
{
    EXPECT_TRUE(look(tables_.open("unix:passwd.byname"), "root").starts_with("root:"));
    EXPECT_TRUE(look(tables_.open("unix:group.byname"), "root").starts_with("root:"));
}

TEST_F(TablesTest, HostileKeysAreInNoTable)
{
    std::string_view specs[] = {"static:x", "inline:{k=v}", "unix:passwd.byname"};
    std::string keys[] = {std::string(kKeyBytes + 1, 'a'), std::string("k\0x", 3), "\xff\xfe",
                          "\xc0\xafk"};
    for (auto spec : specs)
        for (const auto& key : keys)
            EXPECT_EQ(look(tables_.open(spec), key), none) << spec;
    EXPECT_EQ(look(tables_.open("static:x"), std::string(kKeyBytes, 'a')), "x");
    // Quotes and such are bytes like others (ADDR-07).
    EXPECT_EQ(look(tables_.open("inline:{k=v}"), "k' OR 1=1; --%00"), none);
}

TEST_F(TablesTest, MissingDatabaseTellsWhichCommandToRun)
{
    std::string file = directory_.write("virtual", "a b\n");
    auto found = tables_.open("hash:" + file).now("a");
    ASSERT_FALSE(found);
    EXPECT_TRUE(found.error().temporary());
    EXPECT_NE(found.error().text.find("run \"postmap " + file), std::string::npos);
    EXPECT_EQ(tables_.faults().size(), 1u);
}

TEST_F(TablesTest, ReplacedDatabaseIsOpenedAgain)
{
    std::string file = directory_.file("t");
    ASSERT_TRUE(write_lmdb(file + ".lmdb", {{"k", "old"}}, {}));
    Table& table = tables_.open("lmdb:" + file);
    EXPECT_EQ(look(table, "k"), "old");
    ASSERT_TRUE(write_lmdb(file + ".lmdb", {{"k", "new"}}, {}));
    EXPECT_EQ(look(table, "k"), "old");
    EXPECT_FALSE(tables_.stale(base::MonoTime(std::chrono::seconds(10))));
    EXPECT_EQ(look(table, "k"), "new");
    // Looks at most ten times a second.
    ASSERT_TRUE(write_lmdb(file + ".lmdb", {{"k", "newer"}}, {}));
    EXPECT_FALSE(tables_.stale(base::MonoTime(std::chrono::milliseconds(10'050))));
    EXPECT_EQ(look(table, "k"), "new");
}

TEST_F(TablesTest, LargeDatabaseGrowsTheMap)
{
    std::vector<LmdbReader::Pair> pairs;
    for (int i = 0; i < 20'000; ++i)
        pairs.emplace_back(base::cat("key", i), std::string(100, 'v'));
    std::string file = directory_.file("big");
    ASSERT_TRUE(write_lmdb(file + ".lmdb", pairs, {.map_size = 65536}));
    EXPECT_EQ(look(tables_.open("lmdb:" + file), "key19999"), std::string(100, 'v'));
}

TEST_F(TablesTest, RegexpRulesReadAsInPostfix)
{
    std::string file = directory_.write("re", "# comment\n"
                                              "/^a(.*)b$/ one $1 ${1}x $(1)y $$\n"
                                              "!/foo/ notfoo\n"
                                              "/y/ $3\n"
                                              "if /^q/\n"
                                              "/q1/ r1\n"
                                              "if !/q2/\n"
                                              "/./ notq2\n"
                                              "endif\n"
                                              "endif trailing\n"
                                              "endif\n"
                                              "/dup/\n"
                                              "/bad(/ x\n"
                                              "bad\n"
                                              "/n/iq z\n"
                                              "/p1/!/p2/ p\n"
                                              "/c[a\\.]d/ br\n"
                                              "/Case/i exact\n"
                                              "/a\\+\\(b\\)/x basic $1\n"
                                              "/\\<word\\>/ word\n");
    Table& table = tables_.open("regexp:" + file);
    struct {
        std::string_view key, want;
    } cases[] = {
        {"aXb", "one X Xx Xy $"}, {"other", "notfoo"},    {"foop1", "p"},       {"foop1p2", none},
        {"fooc\\d", "br"},        {"fooc.d", "br"},       {"fooCase", "exact"}, {"foocase", none},
        {"fooaab", "basic b"},    {"a word foo", "word"}, {"swordfoo", none},   {"foo\nbad", none},
    };
    for (const auto& one : cases)
        EXPECT_EQ(look(table, one.key), one.want) << one.key;
    for (std::string_view text :
         {"line 4: out of range replacement index \"3\": skipping this rule",
          "line 10: ignoring extra text after ENDIF", "line 11: ignoring ENDIF without matching IF",
          "line 12: no replacement text: using empty string", "line 13: error in expression",
          "line 14: ignoring unrecognized request",
          "line 15: unknown regexp option \"q\": skipping this rule"})
        EXPECT_TRUE(logged(text)) << text;
}

TEST_F(TablesTest, BlocksAreSkippedAsAWhole)
{
    Table& table =
        tables_.open("regexp:{{if /^q/} {/q1/ r1} {if !/q2/} {/./ notq2} {endif} {endif} "
                     "{/./ rest}}");
    EXPECT_EQ(look(table, "q1"), "r1");
    EXPECT_EQ(look(table, "q3"), "notq2");
    EXPECT_EQ(look(table, "q2"), "rest");
    EXPECT_EQ(look(table, "x"), "rest");
}

TEST_F(TablesTest, PcreFlagsToggle)
{
    Table& table = tables_.open("pcre:{{/un(a)?(b)/ [$1][$2]} {/ank/A anchored} {/fo o/x spaced} "
                                "{/x.y/s nodot} {/(u+)/U <$1>} {!/z/ no $1} {!/z/ noz}}");
    EXPECT_EQ(look(table, "unb"), "[][b]");
    EXPECT_EQ(look(table, "zank"), none);
    EXPECT_EQ(look(table, "ankz"), "anchored");
    EXPECT_EQ(look(table, "zfoo"), "spaced");
    EXPECT_EQ(look(table, "zx\ny"), none);
    EXPECT_EQ(look(table, "zuuu"), "<u>");
    EXPECT_EQ(look(table, "other"), "noz");
    EXPECT_TRUE(logged("$number found in negative match"));
}

// MIME-04: a catastrophic pattern on a huge line.
TEST_F(TablesTest, PatternThatWorksTooMuchDoesNotMatchAndIsLogged)
{
    Table& table = tables_.open("pcre:{{/^(a+)+$/ evil} {/./ default}}");
    std::string line(10 << 20, 'a');
    line += '!';
    EXPECT_EQ(look(table, line), "default");
    EXPECT_TRUE(logged("limit exceeded"));
}

TEST_F(TablesTest, SubstitutionCanBeForbidden)
{
    Table& table = tables_.open("regexp:{{/^(.*)$/ |$1}, {/x/ plain}}", {.substitute = false});
    EXPECT_EQ(look(table, "x"), "plain");
    EXPECT_EQ(look(table, "y"), none);
}

TEST_F(TablesTest, CidrRulesReadAsInPostfix)
{
    std::string file =
        directory_.write("cidr", "192.0.2.0/24 net\n192.0.3.1 host\n192.0.4.1/24 bad\n"
                                 "!10.0.0.0/8 nomatch\nif 10.1.0.0/16\n10.1.2.0/24 inner\nendif\n"
                                 "[2001:db8::]/32 six\n10.3.0.0/99 x\nfoo bar\n10.9.9.9\n"
                                 "0.0.0.0/0 all\n");
    Table& table = tables_.open("cidr:" + file);
    struct {
        std::string_view key, want;
    } cases[] = {
        {"192.0.2.5", "net"},   {"192.0.3.1", "host"}, {"192.0.4.9", "nomatch"},
        {"10.1.2.3", "inner"},  {"10.1.3.3", "all"},   {"10.2.2.2", "all"},
        {"2001:db8::1", "six"}, {"2001::1", none},     {"foo", none},
    };
    for (const auto& one : cases)
        EXPECT_EQ(look(table, one.key), one.want) << one.key;
    for (std::string_view text :
         {"line 3: non-null host address bits in \"192.0.4.1/24\", perhaps you should use "
          "\"192.0.4.0/24\" instead: skipping this rule",
          "line 9: bad mask length in \"10.3.0.0/99\": skipping this rule",
          "line 10: bad address pattern: \"foo\": skipping this rule",
          "line 11: no lookup result: skipping this rule"})
        EXPECT_TRUE(logged(text)) << text;
}

TEST_F(TablesTest, TextSourceFaultsAreWarnings)
{
    std::string file = directory_.write("t", "a b\nkey\nA dup\n\"un v\nk: v\n");
    Table& table = tables_.open("texthash:" + file);
    EXPECT_EQ(look(table, "a"), "b");
    EXPECT_EQ(look(table, "k:"), "v");
    for (std::string_view text :
         {"line 2: expected format: key whitespace value -- ignoring this line",
          "line 3: duplicate entry: \"A\"", "line 4: unbalanced '\"' in '\"un v'",
          "line 5: record is in \"key: value\" format; is this an alias file?"})
        EXPECT_TRUE(logged(text)) << text;
}

TEST_F(TablesTest, MapsAskInOrderAndStopAtErrors)
{
    Maps maps(tables_, "test_maps", {"inline:{a=1}", "inline:{a=2,b=2}"});
    EXPECT_EQ(test::run(maps.find("a")).value(), "1");
    EXPECT_EQ(test::run(maps.find("b")).value(), "2");
    EXPECT_FALSE(test::run(maps.find("c")).value());
    Maps broken(tables_, "test_maps", {"inline:{a=1}", "fail:x", "inline:{b=2}"});
    EXPECT_TRUE(test::run(broken.find("a")));
    EXPECT_FALSE(test::run(broken.find("b")));
    Maps empty(tables_, "test_maps", {"regexp:{{/x/}}"});
    EXPECT_FALSE(test::run(empty.find("x")));
    Maps patterns(tables_, "test_maps", {"regexp:{{/x/ y}}"});
    EXPECT_TRUE(test::run(patterns.find("x")).value());
    EXPECT_FALSE(test::run(patterns.find("x", Part::Partial)).value());
}

TEST_F(TablesTest, ConfigurationChecksNameTypeAndParameter)
{
    EXPECT_EQ(check_table("lmdb:/x", "p"), "");
    EXPECT_EQ(check_table("proxy:unix:passwd.byname", "p"), "");
    EXPECT_EQ(check_table("proxy:mysql:/x", "p"), "");
    EXPECT_EQ(check_table("proxy:tcp:x:1", "virtual_alias_maps"),
              "virtual_alias_maps: table type tcp is not available in this release: "
              "\"tcp:x:1\"");
    EXPECT_NE(check_table("nonsense:/x", "p").find("unsupported dictionary type"),
              std::string::npos);
    EXPECT_NE(check_table("plain", "p"), "");
}

TEST_F(TablesTest, DatabasesThatAreNotInstalledSaySo)
{
    config::Faults faults;
    auto main = config::MainCf::parse("meta_directory = /nonexistent\n", "main.cf", faults);
    Tables tables{{.main = &main}};
    for (std::string_view type : {"mysql", "pgsql", "sqlite", "ldap"})
        EXPECT_EQ(look(tables.open(base::cat(type, ":/etc/x.cf")), "k"), failed) << type;
    ASSERT_EQ(tables.faults().size(), 4U);
    EXPECT_EQ(tables.faults()[0], "unsupported dictionary type: mysql (install posthouse-mysql)");
    std::vector<std::string> all;
    for (std::string_view type : type_names())
        all.emplace_back(type);
    EXPECT_EQ(available_types(main), all);
}

TEST_F(TablesTest, DaemonsAskProxymapForDatabases)
{
    events::Loop loop;
    Tables tables{{.loop = &loop}};
    const std::string file = directory_.write("x.cf", "");
    Table& direct = tables.open("mysql:" + file);
    EXPECT_TRUE(direct.waits());
    EXPECT_EQ(direct.owner(), ::geteuid());
    EXPECT_EQ(tables.open("mysql:name").owner(), uid_t{0});
    EXPECT_TRUE(tables.open("proxy:ldap:" + file).waits());
    EXPECT_EQ(tables.open("proxy:ldap:" + file).owner(), std::nullopt);
    EXPECT_TRUE(tables.faults().empty());
}

} // namespace
} // namespace table
