// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/header.h"

#include <chrono>
#include <gtest/gtest.h>
#include <vector>

namespace mail {

namespace {

struct Collect final : HeaderSink {
    struct Field {
        std::string name;
        std::string raw;
        std::string unfolded;
        bool truncated;
        bool operator==(const Field&) const = default;
    };
    std::vector<Field> fields;
    void field(const HeaderField& field) override
    {
        fields.push_back(
            {std::string(field.name), std::string(field.raw), field.unfolded(), field.truncated});
    }
};

struct Count final : HeaderSink {
    std::size_t fields = 0;
    std::size_t bytes = 0;
    std::size_t truncated = 0;
    void field(const HeaderField& field) override
    {
        ++fields;
        bytes += field.raw.size();
        truncated += field.truncated;
    }
};

// What a splitter makes of a message that comes in pieces.
struct Split {
    std::vector<Collect::Field> fields;
    std::string body;
    bool separator_missing = false;
    std::size_t header_size = 0;
    bool operator==(const Split&) const = default;
};

Split split(std::string_view message, std::size_t piece, std::size_t limit)
{
    HeaderSplitter splitter{limit};
    Collect sink;
    Split out;
    for (std::size_t at = 0; at < message.size(); at += piece) {
        const std::string_view part = message.substr(at, piece);
        const bool was_in_body = splitter.in_body();
        const std::size_t taken = splitter.feed(part, sink);
        if (splitter.in_body() && !was_in_body)
            out.body += splitter.held_body();
        out.body += part.substr(taken);
    }
    if (!splitter.in_body()) {
        splitter.finish(sink);
        out.body += splitter.held_body();
    }
    out.fields = sink.fields;
    out.separator_missing = splitter.separator_missing();
    out.header_size = splitter.header_size();
    return out;
}

double cpu_seconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

} // namespace

TEST(HeaderName, EndsBeforeBlanksAndColon)
{
    struct Case {
        std::string_view line;
        std::size_t want;
    };
    static constexpr Case cases[] = {
        {"Subject: x", 7},
        {"Subject:", 7},
        {"Subject : x", 7},
        {"Subject \t: x", 7},
        {"X-!#$%&'*+: y", 10},
        {"Subject", 0},
        {": x", 0},
        {" Subject: x", 0},
        {"Two words: x", 0},
        {"", 0},
        {"Caf\xc3\xa9: x", 0},
        {"A\x01: x", 0},
        {"\r\n", 0},
    };
    for (const Case& test : cases)
        EXPECT_EQ(header_name_length(test.line), test.want) << test.line;
    EXPECT_EQ(header_name_length(std::string_view("A\0B: x", 6)), 0u);
}

TEST(HeaderSplitter, FindsFieldsAndBodyHoweverTheMessageIsCut)
{
    struct Case {
        const char* name;
        std::string message;
        Split want;
    };
    const std::string body = "body\r\n\r\nX: y\r\n";
    const std::vector<Case> cases = {
        {"plain",
         "A: b\r\nC:d\r\n\r\n" + body,
         {{{"A", "A: b\r\n", "b", false}, {"C", "C:d\r\n", "d", false}}, body, false, 13}},
        {"folded",
         "A: b\r\n c\r\n\td\r\n\r\n" + body,
         {{{"A", "A: b\r\n c\r\n\td\r\n", "b c\td", false}}, body, false, 16}},
        {"bare newlines",
         "A: b\n c\n\nbody",
         {{{"A", "A: b\n c\n", "b c", false}}, "body", false, 9}},
        {"no separator",
         "A: b\r\nbody line\r\nC: d\r\n",
         {{{"A", "A: b\r\n", "b", false}}, "body line\r\nC: d\r\n", true, 6}},
        {"starts with a blank", " A: b\r\n\r\n", {{}, " A: b\r\n\r\n", true, 0}},
        {"no header", "\r\nbody", {{}, "body", false, 2}},
        {"empty", "", {{}, "", false, 0}},
        {"header only", "A: b\r\n", {{{"A", "A: b\r\n", "b", false}}, "", false, 6}},
        {"cut in a field", "A: b", {{{"A", "A: b", "b", false}}, "", false, 4}},
        {"cut in no field", "A: b\r\nbo", {{{"A", "A: b\r\n", "b", false}}, "bo", true, 6}},
        {"fold of blanks only",
         "A: b\r\n \r\n\r\n",
         {{{"A", "A: b\r\n \r\n", "b ", false}}, "", false, 11}},
        {"empty value", "A:\r\n\r\n", {{{"A", "A:\r\n", "", false}}, "", false, 6}},
    };
    for (const Case& test : cases)
        for (std::size_t piece = 1; piece <= test.message.size() + 1; ++piece)
            EXPECT_EQ(split(test.message, piece, 100), test.want)
                << test.name << ", pieces of " << piece;
}

TEST(HeaderSplitter, CutsFieldsAtTheLimit)
{
    struct Case {
        const char* name;
        std::string message;
        std::string want; // raw of the first field
        std::string body;
    };
    const std::vector<Case> cases = {
        {"long line", "A: 34567890123\r\n\r\nb", "A: 3456789\r\n", "b"},
        {"long folds", "A: 3\r\n 7\r\n 9\r\n x\r\nB: c\r\n\r\nb", "A: 3\r\n 7\r\n", "b"},
        {"long fold line", "A: 3\r\n 7890123456789\r\nB: c\r\n\r\nb", "A: 3\r\n", "b"},
    };
    for (const Case& test : cases)
        for (std::size_t piece = 1; piece <= test.message.size(); ++piece) {
            const Split got = split(test.message, piece, 10);
            ASSERT_FALSE(got.fields.empty()) << test.name;
            EXPECT_EQ(got.fields[0].raw, test.want) << test.name << ", pieces of " << piece;
            EXPECT_TRUE(got.fields[0].truncated) << test.name;
            EXPECT_EQ(got.body, test.body) << test.name << ", pieces of " << piece;
            EXPECT_EQ(got.header_size, test.message.size() - 1) << test.name;
        }
}

// A line that is no header is recognised before it ends, so that it need not be kept.
TEST(HeaderSplitter, GivesUpOnAnEndlessLineThatIsNoHeader)
{
    const std::string message = "A: b\r\n" + std::string(50, 'x');
    for (std::size_t piece = 1; piece <= message.size(); ++piece) {
        const Split got = split(message, piece, 20);
        EXPECT_EQ(got.body, std::string(50, 'x')) << piece;
        EXPECT_EQ(got.header_size, 6u);
        EXPECT_TRUE(got.separator_missing);
    }
}

TEST(HeaderSplitter, TakesANameLongerThanTheLimitForBody)
{
    const std::string line = std::string(21, 'N') + ": v\r\n";
    for (std::size_t piece = 1; piece <= line.size(); ++piece) {
        const Split got = split(line, piece, 20);
        EXPECT_TRUE(got.fields.empty()) << piece;
        EXPECT_EQ(got.body, line) << piece;
    }
}

// Attack catalogue HDR-01 and HDR-02.
TEST(HeaderSplitter, TakesLinearTimeAndLittleMemory)
{
    struct Case {
        const char* name;
        std::string unit;
        std::size_t times;
        std::size_t fields;
    };
    const Case cases[] = {
        {"500,000 fields", "To: someone@example.com\r\n", 500'000, 500'001},
        {"a million folds", " x\r\n", 1'000'000, 1},
        {"50 MiB in one field", std::string(1024, 'x'), 50 * 1024, 1},
    };
    for (const Case& test : cases) {
        HeaderSplitter splitter;
        Count sink;
        std::string block;
        std::size_t in_block = 0;
        for (; block.size() < 65536 && in_block < test.times; ++in_block)
            block += test.unit;
        const double start = cpu_seconds();
        splitter.feed("Subject: x", sink);
        if (test.unit[0] != 'x')
            splitter.feed("\r\n", sink);
        for (std::size_t i = 0; i < test.times / in_block; ++i)
            splitter.feed(block, sink);
        for (std::size_t i = 0; i < test.times % in_block; ++i)
            splitter.feed(test.unit, sink);
        splitter.feed("\r\n\r\n", sink);
        EXPECT_LT(cpu_seconds() - start, 2.0) << test.name;
        EXPECT_EQ(sink.fields, test.fields) << test.name;
        EXPECT_TRUE(test.fields > 1 || sink.truncated == 1) << test.name;
        EXPECT_LE(sink.bytes, test.fields > 1 ? 100'000'000 : 102'402u) << test.name;
        EXPECT_TRUE(splitter.in_body()) << test.name;
    }
}

// Attack catalogue HDR-03.
TEST(HeaderSplitter, TakesALongName)
{
    const std::string name(10 * 1024, 'N');
    const Split got = split(name + ": v\r\n\r\n", 1000, HeaderSplitter::default_size_limit);
    ASSERT_EQ(got.fields.size(), 1u);
    EXPECT_EQ(got.fields[0].name, name);
}

} // namespace mail
