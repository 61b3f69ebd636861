// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lib/base/strings.h"
#include "tools/postkick/kick.h"
#include "tools/qshape/options.h"

namespace qshape {
namespace {

using namespace std::chrono_literals;

std::string line(std::string_view domain, std::string_view counts)
{
    return std::string(80 - counts.size() - domain.size(), ' ') + std::string(domain) +
           std::string(counts) + "\n";
}

TEST(Shape, IsATableOfDomainsAndAges)
{
    Shape shape({});
    shape.add("a@small.example", 3min);
    for (int i = 0; i < 120; ++i)
        shape.add("b@Large.Example.", 5min);
    shape.add("c@.large..example", 9min + 59s);
    shape.add("d@large.example", 10min);
    shape.add("e@large.example", 24h * 365);
    shape.add("", 2559min);
    shape.add("local", -5min);
    EXPECT_EQ(shape.table(),
              line("", "   T  5  10 20 40 80 160 320 640 1280 1280+") +
                  line("TOTAL", " 126  2 121  1  0  0   0   0   0    0     2") +
                  line("large.example", " 123  0 121  1  0  0   0   0   0    0     1") +
                  line("MAILER-DAEMON", "   1  0   0  0  0  0   0   0   0    0     1") +
                  line("local", "   1  1   0  0  0  0   0   0   0    0     0") +
                  line("small.example", "   1  1   0  0  0  0   0   0   0    0     0"));
}

TEST(Shape, IsShownForAnEmptyQueue)
{
    EXPECT_EQ(Shape({}).table(), line("", "  T  5 10 20 40 80 160 320 640 1280 1280+") +
                                     line("TOTAL", "  0  0  0  0  0  0   0   0   0    0     0"));
}

TEST(Shape, KnowsLinearAgesAndParents)
{
    Layout layout;
    layout.buckets = 3;
    layout.minutes = 10;
    layout.linear = layout.parents = true;
    layout.least_subdomains = 2;
    Shape shape(layout);
    for (const char* domain : {"a.one.example", "b.one.example", "b.one.example", "c.two.example"})
        shape.add(base::cat("x@", domain), 15min);
    const std::string table = shape.table();
    EXPECT_EQ(table,
              line("", "  T 10 20 20+") + line("TOTAL", "  4  0  4   0") +
                  line(".one.example", "  3  0  3   0") + line("b.one.example", "  2  0  2   0") +
                  line("a.one.example", "  1  0  1   0") + line("c.two.example", "  1  0  1   0"));
}

TEST(Shape, CutsLongDomainsAtTheirBeginning)
{
    Shape shape({});
    shape.add("a@" + std::string(300, 'x') + ".example", 0s);
    const std::string table = shape.table();
    EXPECT_NE(table.find("\n+xxxx"), std::string::npos);
    EXPECT_NE(table.find("x.example  1"), std::string::npos);
}

base::Result<Options> parse(std::vector<std::string> words, bool terminal = false)
{
    words.insert(words.begin(), "qshape");
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    return parse_options(static_cast<int>(words.size()), argv.data(), terminal);
}

TEST(QshapeOptions, AreThoseThatScriptsKnow)
{
    auto options =
        parse({"-s", "-p", "-l", "-b", "5", "-t", "30", "-m", "3", "-w", "60", "deferred"});
    ASSERT_TRUE(options);
    EXPECT_TRUE(options->senders && options->layout.parents && options->layout.linear);
    EXPECT_EQ(options->layout.buckets, 5u);
    EXPECT_EQ(options->layout.minutes, 30u);
    EXPECT_EQ(options->layout.least_subdomains, 3u);
    EXPECT_EQ(options->layout.width, 80u); // Not less.
    EXPECT_EQ(options->queues, std::vector<std::string>{"deferred"});
    EXPECT_EQ(parse({})->queues.size(), 2u);
    EXPECT_EQ(parse({}, true)->layout.most_domains, 20u);
    EXPECT_EQ(parse({"-n", "0", "-N", "10"}, true)->batch, 10u);
    EXPECT_EQ(parse({"-b", "4000000000"})->layout.buckets, 40u);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"-x"}, {"-b", "many"}, {"-t", "-5"}, {"-h"}})
        EXPECT_FALSE(parse(words)) << words[0];
}

TEST(Postkick, KnowsTheLettersOfTheQueueManager)
{
    using postkick::Wish;
    EXPECT_EQ(postkick::wish_of("D"), Wish::Wake);
    EXPECT_EQ(postkick::wish_of("I"), Wish::Wake);
    EXPECT_EQ(postkick::wish_of("W"), Wish::Wake);
    EXPECT_EQ(postkick::wish_of("IDFA"), Wish::FlushAll);
    EXPECT_EQ(postkick::wish_of("x"), Wish::Nothing);
    EXPECT_EQ(postkick::wish_of(""), Wish::Nothing);
}

} // namespace
} // namespace qshape
