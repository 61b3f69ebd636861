// SPDX-License-Identifier: Apache-2.0
// Quoting for LDAP, and addresses of its servers.
#include "lib/table/modules/ldap_text.h"

#include <gtest/gtest.h>

namespace table {
namespace {

using namespace std::string_view_literals;

struct Case {
    std::string_view text, want;
};

TEST(LdapText, QuotesValuesInFilters)
{
    constexpr Case cases[] = {
        {"user@example.com", "user@example.com"},
        {"*", "\\2A"},
        {"*)(uid=*", "\\2A\\29\\28uid=\\2A"},
        {"a\\b", "a\\5Cb"},
        {"a\0b"sv, "a\\00b"},
        {"(&|!)", "\\28&|!\\29"},
        {"\xc3\xbc", "\xc3\xbc"},
        {"", ""},
    };
    for (const auto& one : cases) {
        std::string out = "x";
        EXPECT_TRUE(quote_filter(one.text, out));
        EXPECT_EQ(out, "x" + std::string(one.want));
    }
}

TEST(LdapText, QuotesValuesInNames)
{
    constexpr Case cases[] = {
        {"example.com", "example.com"},
        {"a,dc=b", "a\\,dc\\=b"},
        {"a+b", "a\\+b"},
        {" a ", "\\ a\\ "},
        {"a b", "a b"},
        {"#a#", "\\#a#"},
        {"\"<>;\\", "\\\"\\<\\>\\;\\\\"},
        {"a\0b"sv, "a\\00b"},
        {" ", "\\ "},
        {"", ""},
    };
    for (const auto& one : cases) {
        std::string out;
        EXPECT_TRUE(quote_name(one.text, out));
        EXPECT_EQ(out, one.want);
    }
}

TEST(LdapText, MakesUrlsOfServers)
{
    constexpr Case cases[] = {
        {"localhost", "ldap://localhost:389"},
        {"a b:1389, c", "ldap://a:389 ldap://b:1389 ldap://c:389"},
        {"ldaps://x ldapi://%2Frun%2Fldapi", "ldaps://x ldapi://%2Frun%2Fldapi"},
        {"[::1]", "ldap://[::1]:389"},
        {"[::1]:1389", "ldap://[::1]:1389"},
        {" , ", ""},
    };
    for (const auto& one : cases)
        EXPECT_EQ(server_urls(std::string(one.text), 389), one.want);
}

} // namespace
} // namespace table
