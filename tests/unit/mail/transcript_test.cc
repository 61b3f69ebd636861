// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/transcript.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"

namespace mail {
namespace {

constexpr std::string_view head = "Transcript of session follows.\r\n\r\n";
constexpr std::string_view foot = "\r\nFor other details, see the local mail logfile\r\n";

TEST(Transcript, ShowsWhoSaidWhat)
{
    Transcript transcript;
    EXPECT_TRUE(transcript.empty());
    transcript.add_replies("Out: ", "220 host ESMTP\r\n");
    transcript.add_commands("In:  ", "EHLO \x01\xFFx\r\n");
    transcript.add_replies("Out: ", "250-host\r\n250 DSN\r\n");
    EXPECT_EQ(transcript.letter("Before.\r\n", "After.\r\n"),
              base::cat("Before.\r\n", head,
                        " Out: 220 host ESMTP\r\n In:  EHLO ??x\r\n Out: 250-host\r\n"
                        " Out: 250 DSN\r\n\r\nAfter.\r\n",
                        foot.substr(2)));
}

TEST(Transcript, ForgetsWhatWasSaidFirst)
{
    Transcript transcript;
    for (int i = 0; i < 1000; ++i)
        transcript.add_commands("In:  ", std::string(2000, 'a' + i % 26));
    const std::string text = transcript.letter({}, {});
    EXPECT_TRUE(text.starts_with(base::cat(head, " (what was said before is left out)\r\n In:  ")));
    EXPECT_LE(text.size(), Transcript::total_limit + 300);
    EXPECT_GE(text.size(), Transcript::total_limit - Transcript::line_limit);
    EXPECT_TRUE(text.ends_with(
        base::cat(std::string(Transcript::line_limit, 'a' + 999 % 26), "\r\n", foot)));
}

TEST(Transcript, BreaksLongLines)
{
    Transcript transcript;
    transcript.add_replies("In:  ", base::cat("501-5.1.3 ", std::string(70, 'w'), "  x\n501 ok\n"));
    EXPECT_EQ(transcript.letter({}, {}),
              base::cat(head, " In:  501-5.1.3\r\n     ", std::string(70, 'w'),
                        "  x\r\n In:  501 ok\r\n", foot));
}

TEST(Transcript, KeepsNoSecrets)
{
    Transcript transcript;
    transcript.add_commands("In:  ", " auth\tplain AHVzZXIAc2VjcmV0\r\nAUTH LOGIN\r\n");
    transcript.add_replies("Out: ", "334 VXNlcm5hbWU6\r\n");
    transcript.add_commands("In:  ", "dXNlcg==\r\n");
    transcript.add_replies("Out: ", "334 UGFzc3dvcmQ6\r\n");
    transcript.add_commands("In:  ", "c2VjcmV0\r\nNOOP\r\n");
    EXPECT_EQ(transcript.letter({}, {}),
              base::cat(head,
                        " In:  AUTH plain\r\n In:  AUTH LOGIN\r\n Out: 334 VXNlcm5hbWU6\r\n"
                        " In:  (not shown)\r\n Out: 334 UGFzc3dvcmQ6\r\n In:  (not shown)"
                        "\r\n In:  NOOP\r\n",
                        foot));
}

} // namespace
} // namespace mail
