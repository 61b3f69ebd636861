// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/address.h"

#include <gtest/gtest.h>

#include "lib/mail/domain.h"
#include "lib/mail/xtext.h"

using namespace mail;

namespace {

struct Valid {
    const char* input;
    const char* want;
};

struct Pair {
    const char* input;
    const char* want;
};

constexpr PathRules lax{.strict = false, .allow_utf8 = false, .allow_null = true};
constexpr PathRules strict{.strict = true, .allow_utf8 = false, .allow_null = true};
constexpr PathRules utf8{.strict = false, .allow_utf8 = true, .allow_null = true};

std::string with_local_of(std::size_t size)
{
    return "<" + std::string(size, 'a') + "@b.example>";
}

} // namespace

TEST(Address, StrictPathsAreParsed)
{
    static constexpr Valid table[] = {
        {"<a@b.c>", "a@b.c"},
        {"<>", ""},
        {"<\"a b\"@c>", "a b@c"},
        {"<\"a\\\"b\\\\\"@c>", "a\"b\\@c"},
        {"<\"\\a\"@c>", "a@c"},
        {"<@x,@y.z:a@c>", "a@c"},
        {"<\"user@victim\"@us.example>", "user@victim@us.example"},
        {"<postmaster>", "postmaster"},
        {"<a@[1.2.3.4]>", "a@[1.2.3.4]"},
        {"<a@[IPv6:::1]>", "a@[IPv6:::1]"},
        {"<a@[IPv6:::ffff:127.0.0.1]>", "a@[IPv6:::ffff:127.0.0.1]"},
        {"<;id;@c>", nullptr},
        {"<`id`@c>", "`id`@c"},
        {"<|id@c>", "|id@c"},
        {"<user%victim@us>", "user%victim@us"},
        {"<victim!user@us>", "victim!user@us"},
        {"<../../x@us>", nullptr},
        {"<\"a>b\"@c>", "a>b@c"},
    };
    for (const Valid& row : table) {
        auto got = parse_path(row.input, strict);
        EXPECT_EQ(got.ok(), row.want != nullptr) << row.input;
        if (got && row.want != nullptr) {
            EXPECT_EQ(*got, row.want) << row.input;
        }
    }
}

TEST(Address, LaxPathsThatPostfixTakesAreParsed)
{
    static constexpr Valid table[] = {
        {"a@b.c", "a@b.c"},
        {"  <a@b.c>\t", "a@b.c"},
        {"< a@c >", "a@c"},
        {"<a.@b.c>", "a.@b.c"},
        {"<.a..b@b.c>", ".a..b@b.c"},
        {"<a\\ b@c>", "a b@c"},
        {"<a@b@c>", "a@b@c"},
        {"<a\"b c\"d@e>", "ab cd@e"},
        {"a", "a"},
        {"< >", ""},
    };
    for (const Valid& row : table) {
        auto got = parse_path(row.input, lax);
        ASSERT_TRUE(got) << row.input;
        EXPECT_EQ(*got, row.want) << row.input;
        EXPECT_FALSE(parse_path(row.input, strict)) << row.input;
    }
}

TEST(Address, WrongPathsAreRefusedEvenWhenLax)
{
    static constexpr const char* table[] = {"",
                                            " ",
                                            "<",
                                            ">",
                                            "<a",
                                            "a>",
                                            "<a b@c>",
                                            "<a@>",
                                            "<@b>",
                                            "<@b:>",
                                            "<b:a@c>",
                                            "<@b,:a@c>",
                                            "<@@b:a@c>",
                                            "<a@b..c>",
                                            "<a@.b>",
                                            "<a@b.>",
                                            "<a@-b>",
                                            "<a@b->",
                                            "<a@b c>",
                                            "<a@1.2.3.4>",
                                            "<a@[127.1]>",
                                            "<a@[999.1.1.1]>",
                                            "<a@[x>",
                                            "<a@[]>",
                                            "<a@[1.2.3.4]x>",
                                            "<a@[::1]>",
                                            "<a@[IPv6:]>",
                                            "<a@[IPv6:1.2.3.4]>",
                                            "<\"a@b.c>",
                                            "<\"a\\>",
                                            "<\"a\\\">",
                                            "<a\\>",
                                            "<a@b.c>,<d@e.f>",
                                            "<a@b.c>SIZE=1",
                                            "<a\rb@c>",
                                            "<a\nb@c>",
                                            "<a\x1b@c>",
                                            "<a\x7f@c>",
                                            "<\"a\nb\"@c>",
                                            "<(x)a@b>",
                                            "<a,b@c>",
                                            "<a;b@c>",
                                            "<a:b@c>",
                                            "<<a@b>>",
                                            "<a[b]@c>",
                                            "<\xc3\xa9@b.c>",
                                            "<a@\xc3\xa9.c>",
                                            "<a@b$c>",
                                            "<\"user@victim\">",
                                            "<a@\"b@c\">"};
    for (const char* input : table)
        EXPECT_FALSE(parse_path(input, lax)) << input;
    EXPECT_FALSE(parse_path(std::string_view("<a\0b@c>", 7), lax));
    EXPECT_FALSE(parse_path("<>", PathRules{}));
}

TEST(Address, Utf8NeedsPermissionAndMustBeWellFormed)
{
    EXPECT_EQ(*parse_path("<\xc3\xa9@\xc3\xa9.example>", utf8), "\xc3\xa9@\xc3\xa9.example");
    for (const char* bad : {"<\xe9@b>", "<\xc0\xaf@b>", "<\xed\xa0\x80@b>", "<a@\xff>"})
        EXPECT_FALSE(parse_path(bad, utf8)) << bad;
}

TEST(Address, LimitsAreThoseOfTheHeader)
{
    EXPECT_TRUE(parse_path(with_local_of(64), strict));
    EXPECT_TRUE(parse_path(with_local_of(65), strict));
    EXPECT_TRUE(parse_path(with_local_of(address_limit - 12), strict));
    EXPECT_FALSE(parse_path(with_local_of(address_limit - 11), strict));
    EXPECT_TRUE(is_hostname(std::string(63, 'a') + "." + std::string(63, 'b')));
    EXPECT_FALSE(is_hostname(std::string(64, 'a')));
    std::string longest;
    while (longest.size() < 254)
        longest += "a.";
    EXPECT_TRUE(is_hostname(longest + "b"));
    EXPECT_FALSE(is_hostname(longest + "bc"));
}

TEST(Address, HostileRunsTakeLinearTime)
{
    for (const char* unit : {"<>", "()", "\\", "\xff", "\"", "@", "@a,", ":;", "<"}) {
        std::string text = "<";
        while (text.size() < address_limit - 8)
            text += unit;
        EXPECT_FALSE(parse_path(text + ">", strict)) << unit;
    }
}

TEST(Address, SplitsAtTheLastAt)
{
    EXPECT_EQ(local_part("a@b@c"), "a@b");
    EXPECT_EQ(domain("a@b@c"), "c");
    EXPECT_EQ(local_part("a"), "a");
    EXPECT_EQ(domain("a"), "");
}

TEST(Address, QuotesWhereNeededAndReadsItBack)
{
    static constexpr Pair table[] = {
        {"a@b", "a@b"},          {"a b@c", "\"a b\"@c"}, {"a\"b\\@c", "\"a\\\"b\\\\\"@c"},
        {"a@b@c", "\"a@b\"@c"},  {"a.@b", "\"a.\"@b"},   {"", ""},
        {"a..b@c", "\"a..b\"@c"}};
    for (const Pair& row : table) {
        EXPECT_EQ(quote_address(row.input), row.want);
        auto back = parse_path("<" + quote_address(row.input) + ">", strict);
        ASSERT_TRUE(back) << row.want;
        EXPECT_EQ(*back, row.input);
    }
}

TEST(Xtext, DecodesWhatIsSafe)
{
    static constexpr Valid table[] = {{"abc", "abc"},     {"a+2Bb", "a+b"},  {"a+09b", "a\tb"},
                                      {"a+", nullptr},    {"a+2", nullptr},  {"a+2b", nullptr},
                                      {"a+00b", nullptr}, {"+0A", nullptr},  {"+0D+0A", nullptr},
                                      {"a b", nullptr},   {"\xe9", nullptr}, {"", ""}};
    for (const Valid& row : table) {
        auto got = decode_xtext(row.input);
        EXPECT_EQ(got.ok(), row.want != nullptr) << row.input;
        if (got && row.want != nullptr) {
            EXPECT_EQ(*got, row.want);
        }
    }
}

TEST(Xtext, RoundTripsEveryByteButThreeControls)
{
    std::string all;
    for (int c = 1; c < 256; ++c)
        if (c != '\r' && c != '\n')
            all.push_back(static_cast<char>(c));
    EXPECT_EQ(*decode_xtext(encode_xtext(all)), all);
}

TEST(Xtext, KnowsCharactersWithinAddresses)
{
    const Pair table[] = {{"a\\x{E9}b", "a\xC3\xA9"
                                        "b"},
                          {"\\x{20AC}\\x{1F4EE}", "\xE2\x82\xAC\xF0\x9F\x93\xAE"},
                          {"\\x{5C}\\x{2B}", "\\+"},
                          {"plain@b", "plain@b"}};
    for (const auto& [input, want] : table)
        EXPECT_EQ(decode_embedded_unicode(input), want) << input;
    for (const char* none : {"\\x{}", "\\x{0A}", "\\x{85}", "\\x{D800}", "\\x{110000}",
                             "\\x{1234567}", "\\x{E9", "\\x{e9}", "\\x", "\\", "x{E9}", "\\x{G}"})
        EXPECT_EQ(decode_embedded_unicode(none), none);
}

TEST(Xtext, ChecksTypedRecipients)
{
    for (const char* good : {"rfc822;a@b", "utf-8;x", "rfc822;"})
        EXPECT_TRUE(is_typed_recipient(good)) << good;
    for (const char* bad : {"", ";x", "rfc822", "a b;c"})
        EXPECT_FALSE(is_typed_recipient(bad)) << bad;
}
