// SPDX-License-Identifier: Apache-2.0
#include "lib/base/log_sinks.h"

#include <gtest/gtest.h>

using namespace base;

namespace {
struct CapturedLog {
    MemoryLogSink sink;
    LogSink* before = set_log_sink(&sink);
    ~CapturedLog() { set_log_sink(before); }
};
} // namespace

TEST(Log, PutsLevelThenPrefixThenText)
{
    CapturedLog captured;
    Log log{"4Xyz: "};
    log.info("from=<", "a@b", ">, size=", 12);
    log.warning("odd");
    log.debug("not shown");
    EXPECT_EQ(captured.sink.lines,
              (std::vector<std::string>{"4Xyz: from=<a@b>, size=12", "warning: 4Xyz: odd"}));
}

TEST(Log, OneEventIsOnePrintableLine)
{
    CapturedLog captured;
    Log{}.info("helo=<a\r\nb\x1b[0m\xe2\x80\xa8>", std::string(5000, 'x'));
    ASSERT_EQ(captured.sink.lines.size(), 1u);
    EXPECT_TRUE(captured.sink.lines[0].starts_with("helo=<a??b?[0m??"
                                                   "?>xxx"));
    EXPECT_EQ(captured.sink.lines[0].size(), log_line_limit);
}
