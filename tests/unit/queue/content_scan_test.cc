// SPDX-License-Identifier: Apache-2.0
#include "lib/queue/content_scan.h"

#include <chrono>
#include <cstdio>
#include <gtest/gtest.h>
#include <vector>

namespace queue {

namespace {

struct Case {
    const char* name;
    std::string content;
    ContentFacts want;
};

ContentFacts facts(std::uint64_t size, std::uint64_t header, std::uint32_t longest)
{
    ContentFacts made;
    made.size = size;
    made.header_size = header;
    made.longest_line = longest;
    return made;
}

template <typename F> ContentFacts with(ContentFacts made, F change)
{
    change(made);
    return made;
}

std::vector<Case> cases()
{
    using C = ContentFacts;
    return {
        {"empty", "", facts(0, 0, 0)},
        {"header and body", "A: b\r\n\r\nbody\r\n", facts(14, 8, 4)},
        {"two hops", "Received: a\r\n\tb\r\nRECEIVED : c\r\n\r\n",
         with(facts(33, 33, 12), [](C& c) { c.received_count = 2; })},
        {"no hop in the body", "A: b\r\n\r\nReceived: c\r\n", facts(21, 8, 11)},
        {"8-bit body", "A: b\r\n\r\n\xc3\xa9\r\n",
         with(facts(12, 8, 4), [](C& c) { c.has_8bit = true; })},
        {"8-bit header", "A: \xc3\xa9\r\n\r\n",
         with(facts(9, 9, 5), [](C& c) { c.has_8bit = c.has_8bit_header = true; })},
        {"dot line", "A: b\r\n\r\n.\r\n",
         with(facts(11, 8, 4), [](C& c) { c.has_dot_lines = true; })},
        {"dot elsewhere", "A: b\r\n\r\na.\r\n", facts(12, 8, 4)},
        {"NUL", std::string("A: b\r\n\r\n\0\r\n", 11),
         with(facts(11, 8, 4), [](C& c) { c.has_nul = true; })},
        {"bare newline", "A: b\r\n\r\nx\n",
         with(facts(10, 8, 4), [](C& c) { c.has_bare_newline = true; })},
        {"no newline at the end", "A: b\r\n\r\nlonger line",
         with(facts(19, 8, 11), [](C& c) { c.ends_with_newline = false; })},
        {"no header", "\tbody\r\n", facts(7, 0, 5)},
        {"header only", "A: b\r\n", facts(6, 6, 4)},
    };
}

} // namespace

TEST(ContentScan, FindsTheFactsHoweverTheContentIsCut)
{
    for (const Case& test : cases()) {
        for (std::size_t piece = 1; piece <= test.content.size() + 1; ++piece) {
            ContentScan scan;
            for (std::size_t at = 0; at < test.content.size(); at += piece)
                scan.feed(std::string_view(test.content).substr(at, piece));
            scan.end();
            EXPECT_EQ(scan.facts(), test.want) << test.name << ", pieces of " << piece;
        }
    }
}

TEST(ContentScan, PrintsItsSpeed)
{
    std::string content = "Subject: x\r\n\r\n";
    while (content.size() < 1024 * 1024)
        content += "An ordinary line of some sixty characters, as text mail has it\r\n";
    constexpr int rounds = 200;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) {
        ContentScan scan;
        for (std::size_t at = 0; at < content.size(); at += 65536)
            scan.feed(std::string_view(content).substr(at, 65536));
        scan.end();
        ASSERT_EQ(scan.facts().size, content.size());
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("content scan: %.2f GB/s\n",
                rounds * static_cast<double>(content.size()) / took.count() / 1e9);
}

} // namespace queue
