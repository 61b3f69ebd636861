// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/transcript.h"

#include <gtest/gtest.h>

namespace mail {
namespace {

TEST(Transcript, ShowsWhoSaidWhat)
{
    Transcript transcript;
    EXPECT_TRUE(transcript.empty());
    transcript.add("Out: ", "220 host ESMTP\r\n");
    transcript.add("In:  ", "EHLO \x01\xFFx\r\n");
    transcript.add("Out: ", "250-host\r\n250 DSN\r\n");
    EXPECT_EQ(transcript.text(), " Out: 220 host ESMTP\r\n In:  EHLO ??x\r\n Out: 250-host\r\n"
                                 " Out: 250 DSN\r\n");
}

TEST(Transcript, ForgetsWhatWasSaidFirst)
{
    Transcript transcript;
    for (int i = 0; i < 1000; ++i)
        transcript.add("In:  ", std::string(2000, 'a' + i % 26));
    const std::string text = transcript.text();
    EXPECT_TRUE(text.starts_with(" (what was said before is left out)\r\n In:  "));
    EXPECT_LE(text.size(), Transcript::total_limit + 200);
    EXPECT_GE(text.size(), Transcript::total_limit - Transcript::line_limit);
    EXPECT_TRUE(text.ends_with(std::string(Transcript::line_limit, 'a' + 999 % 26) + "\r\n"));
}

} // namespace
} // namespace mail
