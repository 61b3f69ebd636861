// SPDX-License-Identifier: Apache-2.0
// Log datagrams into lines (LOG-01, LOG-03).
#include "services/postlog/collector.h"

#include <gtest/gtest.h>

TEST(Collector, EveryDatagramIsOnePrintableLine)
{
    using namespace std::string_literals;
    const struct {
        std::string input;
        std::string want;
    } rows[] = {
        {"postfix/smtpd[12]: connect from x[192.0.2.1]",
         "postfix/smtpd[12]: connect from x[192.0.2.1]"},
        {"<22>postfix/smtpd[12]: text\n", "postfix/smtpd[12]: text"},
        {"a\nNov  1 00:00:00 host forged[1]: b", "a?Nov  1 00:00:00 host forged[1]: b"},
        {"a\r\x1b[2Jb\x7f", "a??[2Jb?"},
        {"before\0after"s, "before"},
        {"caf\xc3\xa9 \xe2\x80\xa8 \xff", "caf\xc3\xa9 ??? ?"},
        {"100% %n %s", "100% %n %s"},
        {"<x>y", "<x>y"},
        {"", ""},
        {"\n\n", ""},
    };
    for (const auto& row : rows)
        EXPECT_EQ(postlogd::Collector::clean(row.input), row.want);
}

TEST(Collector, ALongDatagramIsCut)
{
    EXPECT_EQ(postlogd::Collector::clean(std::string(65536, 'x')).size(), postlogd::datagram_limit);
}
