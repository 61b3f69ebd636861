// SPDX-License-Identifier: Apache-2.0
// Address lists of header fields.
#include "lib/mail/address_list.h"

#include <chrono>
#include <gtest/gtest.h>

namespace mail {
namespace {

std::string joined(std::string_view text, std::size_t limit = default_token_limit)
{
    std::string out;
    for (const auto& one : find_addresses(text, limit)) {
        EXPECT_LE(one.offset + one.length, text.size());
        out += out.empty() ? "" : "|";
        out += one.address;
        out += "=";
        out += text.substr(one.offset, one.length);
    }
    return out;
}

TEST(AddressList, FindsAddresses)
{
    struct {
        const char* input;
        const char* want; // internal=as written|...
    } const cases[] = {
        {"a@b", "a@b=a@b"},
        {"a@b, c@d", "a@b=a@b|c@d=c@d"},
        {"Name <a@b>", "a@b=a@b"},
        {"\"Last, First\" <a@b>, c", "a@b=a@b|c=c"},
        {"fred", "fred=fred"},
        {"fred (Fred F.)", "fred=fred"},
        {"(before) a@b (after)", "a@b=a@b"},
        {"(nested (twice, \\) a@b)) c@d", "c@d=c@d"},
        {"a (x) @ (y) b", "a@b=a (x) @ (y) b"},
        {"a . b @ c", "a.b@c=a . b @ c"},
        {"\"a b\"@c", "a b@c=\"a b\"@c"},
        {"\"a\\\"b\"@c", "a\"b@c=\"a\\\"b\"@c"},
        {"a@[192.0.2.1]", "a@[192.0.2.1]=a@[192.0.2.1]"},
        {"N <a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]=a@[IPv6:2001:db8::1]"},
        {"<@x,@y:a@b>", "@x,@y:a@b=@x,@y:a@b"},
        {"group: a@b, N <c@d>; e@f", "a@b=a@b|c@d=c@d|e@f=e@f"},
        {"a@b,\r\n\tc@d\r\n", "a@b=a@b|c@d=c@d"},
        {"Name\r\n <a@b>\r\n", "a@b=a@b"},
        {"a@b,,c@d,", "a@b=a@b|c@d=c@d"},
        {"user%host", "user%host=user%host"},
        {"host!user", "host!user=host!user"},
        {"J\xc3\xb6rg <j\xc3\xb6rg@b>", "j\xc3\xb6rg@b=j\xc3\xb6rg@b"},
        {"N < a@b >", "a@b=a@b"},
        {"a.b.@c", "a.b.@c=a.b.@c"},
        {"a@b;c@d", "a@b=a@b|c@d=c@d"},
        // From here on they break the rules; Postfix finds the same in them.
        {"a@b c@d", "a@b=a@b|c@d=c@d"},
        {"a@b\r\n\t\r\n c@d", "a@b=a@b|c@d=c@d"},
        {"John Doe", "John=John|Doe=Doe"},
        {"J. Random Hacker", "J.Random=J. Random|Hacker=Hacker"},
        {"a b@c", "a=a|b@c=b@c"},
        {"<a@b> c@d", "a@b=a@b|c@d=c@d"},
        {"a@b>", "a@b=a@b"},
        {"<a@b", "<a@b=<a@b"},
        {"<<a@b>>", "a@b>=a@b>"},
        {"\"unclosed", "unclosed=\"unclosed"},
        {"a@b, \"unclosed", "a@b=a@b|unclosed=\"unclosed"},
        {"\"x <a@b>", "x <a@b>=\"x <a@b>"},
        {"(unclosed a@b", ""},
        {"a@[192.0.2.1", "a@[192.0.2.1]=a@[192.0.2.1"},
        {"group: a@b, c@d", "group:a@b=group: a@b|c@d=c@d"},
        {":include:/x", ":include:/x=:include:/x"},
        {"@", "@=@"},
        {"a%b @ c", "a%b@c=a%b @ c"},
        {"\"a\x01\"@b", "a\x01@b=\"a\x01\"@b"},
        {"\\", "=\\"},
        {"\"x\r\n", "x=\"x"},
        {"a@[x\r\n", "a@[x]=a@[x"},
        {"a\\\r\n", "a=a\\"},
        {"a\\\r\n b", "a=a\\|b=b"},
        {"a)", "a)=a)"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(joined(c.input), c.want) << c.input;
}

TEST(AddressList, PassesOverWhatIsNoAddress)
{
    for (const char* input : {"", "   ", "<>", "Name <>", "undisclosed-recipients:;", "(only)",
                              "(unclosed a@b", ",;,", "< >", "g:;, h: ;"})
        EXPECT_EQ(joined(input), "") << input;
}

TEST(AddressList, StopsAtTheTokenLimit)
{
    EXPECT_EQ(joined("a@b, c@d, e@f", 8), "a@b=a@b|c@d=c@d");
    EXPECT_EQ(joined("a@b, c@d.e", 6), "a@b=a@b");
    EXPECT_EQ(joined("g: a@b, c@d; e@f", 7), "a@b=a@b");
    EXPECT_EQ(joined("a@b", 0), "");
}

TEST(AddressList, ReplacesAddressesAndNothingElse)
{
    const std::string_view text = " \"A, B\"  <a@b> (note),\r\n\tfred , c@d\r\n";
    const auto listed = find_addresses(text);
    ASSERT_EQ(listed.size(), 3U);
    EXPECT_EQ(replace_addresses(text, listed, {"a@b", "fred@x", "odd one@y"}),
              " \"A, B\"  <a@b> (note),\r\n\tfred@x , \"odd one\"@y\r\n");
    EXPECT_EQ(replace_addresses(text, listed, {"a@b", "fred", "c@d"}), text);
}

TEST(AddressList, AddsCommasThatAreMissingWhereItReplaces)
{
    const std::string_view text = " John (q) Doe <a@b> fred";
    const auto listed = find_addresses(text);
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_EQ(replace_addresses(text, listed, {"a@b", "fred"}), text);
    EXPECT_EQ(replace_addresses(text, listed, {"a@b", "fred@x"}), " John (q) Doe <a@b>, fred@x");
}

TEST(AddressList, TakesLinearTimeForHostileLists)
{
    std::string many;
    for (int i = 0; i < 100'000; ++i)
        many += "user@example.com, ";
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(find_addresses(many, SIZE_MAX).size(), 100'000U);
    for (const char* piece : {"(", "\"", "<", "\\", "[", "a ", ":", "@", "()", ">", "<a"}) {
        std::string hostile;
        while (hostile.size() < 1'000'000)
            hostile += piece;
        (void)find_addresses(hostile, SIZE_MAX);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

} // namespace
} // namespace mail
