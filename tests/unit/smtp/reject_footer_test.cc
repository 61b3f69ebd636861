// SPDX-License-Identifier: Apache-2.0
// Replies with a footer, as Postfix 3.7 makes them.
#include "lib/smtp/reject_footer.h"

#include <gtest/gtest.h>

#include "tests/dialogue/fakes.h"

namespace smtp {
namespace {

TEST(RejectFooter, FollowsTheReply)
{
    struct {
        std::string_view reply, footer, want;
    } cases[] = {
        {"550 5.1.1 no", "", "550 5.1.1 no"},
        {"550 5.1.1 no", R"(call 1)", "550-5.1.1 no\r\n550 5.1.1 call 1"},
        {"550 5.1.1 no", R"(\c. call 1)", "550 5.1.1 no. call 1"},
        {"550 5.1.1 no", R"(\c)", "550 5.1.1 no"},
        {"450 no", "later", "450-no\r\n450 later"},
        {"450 4.9 no", "later", "450-4.9 no\r\n450 later"},
        {"450", "later", "450-\r\n450 later"},
        {"550 5.1.1 no", R"(a\nb\n\nc)",
         "550-5.1.1 no\r\n550-5.1.1 a\r\n550-5.1.1 b\r\n550-5.1.1 \r\n550 5.1.1 c"},
        {"550 5.1.1 no", R"(a\n\c b\n)",
         "550-5.1.1 no\r\n550-5.1.1 a\r\n550-5.1.1 \\c b\r\n550 5.1.1 "},
        {"550 5.1.1 no", R"(\c a\nb)", "550-5.1.1 no a\r\n550 5.1.1 b"},
        {"550-5.1.1 no\r\n550 5.1.1 no", "x", "550-5.1.1 no\r\n550-5.1.1 no\r\n550 5.1.1 x"},
    };
    for (const auto& one : cases)
        EXPECT_EQ(with_footer(one.reply, one.footer), one.want) << one.footer;
}

class Footer final : public RejectFooter {
public:
    std::string text(const mail::Client& client) const override { return "at " + client.address; }
};

TEST(RejectFooter, IsPutAfterRefusalsOnly)
{
    Footer footer;
    fake::Server server;
    server.settings.reject_footer = &footer;
    server.settings.soft_bounce = true;
    server.connect();
    EXPECT_EQ(server.ask("NOOP\r\n"), "250 2.0.0 Ok\r\n");
    EXPECT_EQ(server.ask("FOO\r\n"), "400-4.5.2 Error: command not recognized\r\n"
                                     "400 4.5.2 at 192.0.2.1\r\n");
    EXPECT_EQ(server.session->timed_out(),
              "421-4.4.2 mail.example.com Error: timeout exceeded\r\n421 4.4.2 at 192.0.2.1\r\n");
    server.session->disconnected();
}

} // namespace
} // namespace smtp
