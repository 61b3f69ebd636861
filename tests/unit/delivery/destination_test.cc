// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/destination.h"

#include <gtest/gtest.h>

namespace delivery {
namespace {

TEST(Destination, ReadsEveryForm)
{
    struct Case {
        std::string_view text;
        std::string_view host, path;
        std::uint16_t port;
        bool enclosed;
    };
    static constexpr Case cases[] = {
        {"example.com", "example.com", "", 25, false},
        {"example.com:2525", "example.com", "", 2525, false},
        {"example.com:submission", "example.com", "", 587, false},
        {"[mail.example.com]", "mail.example.com", "", 25, true},
        {"[mail.example.com]:587", "mail.example.com", "", 587, true},
        {"[192.0.2.1]", "192.0.2.1", "", 25, true},
        {"[2001:db8::1]:24", "2001:db8::1", "", 24, true},
        {"[ipv6:2001:db8::1]", "2001:db8::1", "", 25, true},
        {"2001:db8::1", "2001:db8::1", "", 25, false},
        {"unix:private/dovecot-lmtp", "", "private/dovecot-lmtp", 0, false},
        {"inet:127.0.0.1:24", "127.0.0.1", "", 24, false},
        {"inet:[::1]:24", "::1", "", 24, true},
    };
    for (const Case& c : cases) {
        const auto parsed = parse_destination(c.text, 25, true);
        ASSERT_TRUE(parsed) << c.text;
        EXPECT_EQ(parsed->text, c.text);
        EXPECT_EQ(parsed->host, c.host) << c.text;
        EXPECT_EQ(parsed->path, c.path) << c.text;
        EXPECT_EQ(parsed->port, c.port) << c.text;
        EXPECT_EQ(parsed->enclosed, c.enclosed) << c.text;
    }
}

TEST(Destination, RefusesWhatIsNone)
{
    for (const char* text : {"", ":25", "[]", "[]:25", "[host", "example.com:", "example.com:0",
                             "example.com:99999", "example.com:nosuchservice", "unix:"})
        EXPECT_FALSE(parse_destination(text, 25, true)) << text;
}

TEST(Destination, KnowsTypesOnlyForLmtp)
{
    EXPECT_FALSE(parse_destination("unix:private/x", 25, false));
}

TEST(Destination, SplitsLists)
{
    const auto parts = split_destinations("a.example, [b.example]:26,c.example");
    ASSERT_EQ(parts.size(), 3u);
    EXPECT_EQ(parts[1], "[b.example]:26");
}

} // namespace
} // namespace delivery
