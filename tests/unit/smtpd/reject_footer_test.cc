// SPDX-License-Identifier: Apache-2.0
// What the names of smtpd_reject_footer stand for.
#include "smtpd/reject_footer.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace smtpd {
namespace {

TEST(RejectFooterTemplate, PutsInWhatItsNamesStandFor)
{
    base::ManualClock clock;
    mail::Client client;
    client.address = "2001:db8::1";
    client.port = 1234;
    struct {
        std::string_view text, want;
    } cases[] = {
        {R"(\c. $client_address:${client_port}\n$(server_name))",
         R"(\c. 2001:db8::1:1234\nmx.example)"},
        {"$$x costs", "$x costs"},
        {"${client_port?{known}:{unknown}}", "known"},
        {"<$nobody>", "<>"},
    };
    for (const auto& one : cases) {
        RejectFooter footer(std::string(one.text), "mx.example", clock);
        ASSERT_EQ(footer.get(), &footer);
        EXPECT_EQ(footer.text(client), one.want);
    }
    RejectFooter time("$localtime", "mx.example", clock);
    const std::string text = time.text(client); // "Nov 27 09:25:08"
    ASSERT_EQ(text.size(), 15u);
    EXPECT_EQ(text[3], ' ');
    EXPECT_EQ(text[9], ':');
}

TEST(RejectFooterTemplate, IsNoneWhereItIsEmptyOrCannotBeRead)
{
    base::ManualClock clock;
    EXPECT_EQ(RejectFooter("", "mx.example", clock).get(), nullptr);
    EXPECT_EQ(RejectFooter("${client_port", "mx.example", clock).get(), nullptr);
}

} // namespace
} // namespace smtpd
