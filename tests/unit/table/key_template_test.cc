// SPDX-License-Identifier: Apache-2.0
// Templates of database tables: which keys fit, what comes of them.
#include "lib/table/key_template.h"

#include <gtest/gtest.h>

namespace table {
namespace {

constexpr std::string_view none = "(none)";
constexpr std::string_view bad = "(bad)";

// Shows where the quoted parts are.
bool brackets(std::string_view part, std::string& out)
{
    out += '[';
    out += part;
    out += ']';
    return true;
}

std::string query(std::string_view text, std::string_view key)
{
    auto made = KeyTemplate::parse(text);
    if (!made)
        return std::string(bad);
    std::string out;
    return made->expand_query(AddressParts(key), brackets, out) ? out : std::string(none);
}

std::string result(std::string_view text, std::string_view value, std::string_view key)
{
    auto made = KeyTemplate::parse(text);
    if (!made)
        return std::string(bad);
    std::string out;
    bool done = made->expand_result(AddressParts(value), AddressParts(key), out);
    return done ? out : std::string(none);
}

TEST(KeyTemplate, MakesQueries)
{
    const struct {
        std::string_view text, key, want;
    } cases[] = {
        {"a='%s'", "u@x.org", "a='[u@x.org]'"},
        {"a='%s' %%", "u", "a='[u]' %"},
        {"%s%s", "u", "[u][u]"},
        {"nothing", "u", "nothing"},
        {"%u and %d", "u@x.org", "[u] and [x.org]"},
        {"%U and %D and %S", "u@x.org", "[u] and [x.org] and [u@x.org]"},
        {"%u", "user", "[user]"},
        {"%u", "@x.org", none},
        {"%s", "@x.org", "[@x.org]"},
        {"%u", "user@", "[user]"},
        {"%d", "user", none},
        {"%d", "user@", none},
        {"%d", "@x.org", "[x.org]"},
        {"%u|%d", "a@b@x.org", "[a@b]|[x.org]"},
        {"%1 %2 %3", "u@mail.example.com", "[com] [example] [mail]"},
        {"%2", "u@com", none},
        {"%1", "u", none},
        {"%1", "mail.example.com", none},
        {"%1", "u@example.com.", "[com]"},
        {"%3", "u@a..com", none},
        {"%2", "u@a..com", "[a]"},
        {"%1", "u@a..com", "[com]"},
        {"%9", "u@1.2.3.4.5.6.7.8.9", "[1]"},
        {"'%s'", "o'hara\\", "'[o'hara\\]'"},
        {"%s", "%s %u", "[%s %u]"},
        {"%x", "u", bad},
        {"%0", "u@x.org", bad},
        {"100%", "u", bad},
        {"% s", "u", bad},
    };
    for (const auto& one : cases)
        EXPECT_EQ(query(one.text, one.key), one.want) << one.text << " " << one.key;
}

TEST(KeyTemplate, FormatsResults)
{
    const std::string_view key = "user@mail.example.com";
    const struct {
        std::string_view text, value, key, want;
    } cases[] = {
        {"%s", "v", key, "v"},
        {"smtp:[%s]", "v", key, "smtp:[v]"},
        {"%u", "joe@x.org", key, "joe"},
        {"%d", "joe@x.org", key, "x.org"},
        {"%u", "joe", key, "joe"},
        {"%u", "@x.org", key, none},
        {"%d", "joe", key, none},
        {"%d", "joe@", key, none},
        {"%S=%s", "v", key, "user@mail.example.com=v"},
        {"%U/%D/%1", "v", key, "user/mail.example.com/com"},
        {"%D", "v", "user", none},
        {"%U", "v", "@x.org", none},
        {"%4", "v", key, none},
        {"%%", "v", key, "%"},
        {"%y", "v", key, bad},
    };
    for (const auto& one : cases)
        EXPECT_EQ(result(one.text, one.value, one.key), one.want) << one.text << " " << one.value;
}

TEST(KeyTemplate, KnowsBeforehandWhatAResultWants)
{
    auto made = KeyTemplate::parse("%s %D %2");
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->fits_result_key(AddressParts("u@x.org")));
    EXPECT_FALSE(made->fits_result_key(AddressParts("u@org")));
    EXPECT_FALSE(made->fits_result_key(AddressParts("u")));
}

TEST(KeyTemplate, AKeyThatCannotBeQuotedIsNotAskedFor)
{
    auto made = KeyTemplate::parse("a %s b");
    ASSERT_TRUE(made);
    std::string out;
    EXPECT_FALSE(made->expand_query(
        AddressParts("x"), [](std::string_view, std::string&) { return false; }, out));
}

} // namespace
} // namespace table
