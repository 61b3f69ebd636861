// SPDX-License-Identifier: Apache-2.0
// postmap and postalias, in this process.
#include "tools/postmap/build.h"

#include <sys/stat.h>

#include "lib/base/log_sinks.h"
#include "lib/table/lmdb_file.h"
#include "tests/unit/table/support.h"
#include "tools/postmap/input.h"
#include "tools/postmap/source.h"

namespace postmap {
namespace {

class PostmapTest : public ::testing::Test {
protected:
    PostmapTest() : before_(base::set_log_sink(&log_)) {}
    ~PostmapTest() override { base::set_log_sink(before_); }

    Target target(const std::string& file) const
    {
        return {base::cat("lmdb:", directory_.file(file)), directory_.file(file)};
    }
    std::string shown(const std::string& file) const
    {
        auto reader = table::LmdbReader::open(directory_.file(file) + ".lmdb");
        std::string text;
        if (!reader)
            return "no database";
        auto all = reader->all();
        for (const auto& [key, value] : *all)
            base::append(text, key, "=", value, ";");
        return text;
    }

    base::MemoryLogSink log_;
    base::LogSink* before_;
    test::Directory directory_;
    Options options_;
};

TEST_F(PostmapTest, BuildsFromTheSource)
{
    std::string file = directory_.write("t", "# c\nb  2 3 \nA 1\n  more\na dup\nbad\n");
    ASSERT_TRUE(build(target("t"), options_));
    EXPECT_EQ(shown("t"), "a=1  more;b=2 3;");
    ASSERT_EQ(log_.lines.size(), 2u);
    EXPECT_EQ(log_.lines[0],
              "warning: " + file + ", line 6: expected format: key whitespace value");
    EXPECT_EQ(log_.lines[1], "warning: " + file + ".lmdb: duplicate entry: \"a\"");
}

TEST_F(PostmapTest, DuplicatesFollowTheOptions)
{
    directory_.write("t", "a 1\na 2\n");
    options_.ignore_duplicates = true;
    ASSERT_TRUE(build(target("t"), options_));
    EXPECT_EQ(shown("t"), "a=1;");
    options_.replace = true;
    ASSERT_TRUE(build(target("t"), options_));
    EXPECT_EQ(shown("t"), "a=2;");
    EXPECT_TRUE(log_.lines.empty());
}

TEST_F(PostmapTest, NewDatabaseIsAsReadableAsItsSourceAnOldOneAsItWas)
{
    directory_.write("t", "a 1\n");
    const std::string database = directory_.file("t.lmdb");
    const auto mode_of = [&] {
        struct stat st = {};
        ::stat(database.c_str(), &st);
        return st.st_mode & 0777u;
    };
    for (mode_t mode : {0600, 0640, 0644}) {
        ::chmod(directory_.file("t").c_str(), mode);
        ASSERT_TRUE(build(target("t"), options_));
        EXPECT_EQ(mode_of(), mode);
        ::chmod(database.c_str(), 0604);
        ASSERT_TRUE(build(target("t"), options_));
        EXPECT_EQ(mode_of(), 0604u);
        ::unlink(database.c_str());
    }
}

TEST_F(PostmapTest, RemovesKeys)
{
    directory_.write("t", "a 1\nb 2\n");
    ASSERT_TRUE(build(target("t"), options_));
    EXPECT_TRUE(*remove(target("t"), "A", options_));
    EXPECT_FALSE(*remove(target("t"), "A", options_));
    EXPECT_EQ(shown("t"), "b=2;");
    EXPECT_FALSE(remove(target("none"), "a", options_));
}

TEST_F(PostmapTest, RefusesWhatDoesNotFit)
{
    directory_.write("t", std::string(600, 'k') + " v\n");
    EXPECT_FALSE(build(target("t"), options_));
    EXPECT_EQ(shown("t"), "no database");
    EXPECT_FALSE(build(target("missing"), options_));
}

TEST_F(PostmapTest, AliasesHaveNamesAndQuotationMarks)
{
    directory_.write("al", "postmaster: root\n\"quo ted\": a, b\n   c\nRoot: |\"/bin/x  y\"\nbad\n"
                           ": x\nnovalue:\na@b: c\n\"x\": /file\n");
    options_.alias = true;
    ASSERT_TRUE(build(target("al"), options_));
    EXPECT_EQ(shown("al"), "@=@;postmaster=root;quo ted=a, b c;root=|\"/bin/x  y\";x=/file;");
    EXPECT_EQ(log_.lines.size(), 4u);
}

TEST_F(PostmapTest, LinesThatAreNoUtf8AreLeftOut)
{
    table::Warnings warnings;
    EXPECT_TRUE(read_items("k \xff\n", "f", options_, warnings).empty());
    EXPECT_EQ(warnings.size(), 1u);
    options_.utf8 = false;
    EXPECT_EQ(read_items("k \xff\n", "f", options_, warnings).size(), 1u);
}

TEST(MessageKeys, SplitHeaderAndBody)
{
    EXPECT_EQ(message_keys("Subject: a\n b\nTo: x\n\nbody\n", false),
              (std::vector<MessageKey>{
                  {true, "Subject: a\n b"}, {true, "To: x"}, {false, ""}, {false, "body"}}));
    EXPECT_EQ(message_keys("no header\n", true),
              (std::vector<MessageKey>{{false, ""}, {false, "no header"}}));
}

TEST(MessageKeys, WithMimeHaveHeadersOfParts)
{
    EXPECT_EQ(message_keys("Content-Type: multipart/mixed; boundary=b\n\n--b\nX-Part: 1\n\none\n"
                           "--b\nContent-Type: message/rfc822\n\nSubject: in\n\ntwo\n--b--\n",
                           true),
              (std::vector<MessageKey>{{true, "Content-Type: multipart/mixed; boundary=b"},
                                       {false, ""},
                                       {false, "--b"},
                                       {true, "X-Part: 1"},
                                       {false, ""},
                                       {false, "one"},
                                       {false, "--b"},
                                       {true, "Content-Type: message/rfc822"},
                                       {false, ""},
                                       {true, "Subject: in"},
                                       {false, ""},
                                       {false, "two"},
                                       {false, "--b--"}}));
}

} // namespace
} // namespace postmap
