// SPDX-License-Identifier: Apache-2.0
// Which parts of an address are looked up.
#include "lib/table/address_keys.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"

namespace table {
namespace {

std::string joined(const std::vector<Key>& all)
{
    std::string text;
    for (const auto& key : all)
        base::append(text, text.empty() ? "" : " ", key.text,
                     key.part == Part::Whole ? "*"
                     : key.is_local_part     ? "~"
                                             : "");
    return text;
}

TEST(AddressKeys, AreTriedInTheDocumentedOrder)
{
    AddressRules plus{"+", "double-bounce", false};
    AddressRules parents{"+", "double-bounce", true};
    AddressRules dash{"-+", "double-bounce", false};
    struct {
        std::string_view address;
        std::uint8_t kinds;
        const AddressRules& rules;
        std::string_view want;
    } cases[] = {
        {"u+e@d.x", keys::rewriting, plus, "u+e@d.x* u@d.x u+e~ u~ @d.x"},
        {"u@d.x", keys::rewriting, plus, "u@d.x* u~ @d.x"},
        {"u", keys::rewriting, plus, "u*"},
        {"u+e@a.b.c", keys::access, plus, "u+e@a.b.c* u@a.b.c a.b.c .b.c .c u+e@ u@"},
        {"u@a.b.c", keys::access, parents, "u@a.b.c* a.b.c b.c c u@"},
        {"a b@d", keys::full | keys::at_domain, plus, "\"a b\"@d* a b@d @d"},
        {"+x@d", keys::full | keys::no_extension, plus, "+x@d*"},
        {"u++x@d", keys::full | keys::no_extension, plus, "u++x@d* u@d"},
        {"u+@d", keys::full | keys::no_extension, plus, "u+@d* u@d"},
        {"mailer-daemon+x@d", keys::full, plus, "mailer-daemon+x@d*"},
        {"owner-list@d", keys::full | keys::no_extension, dash, "owner-list@d*"},
        {"list-request@d", keys::full | keys::no_extension, dash, "list-request@d*"},
        {"a-b@d", keys::full | keys::no_extension, dash, "a-b@d* a@d"},
        {"double-bounce@d", keys::full | keys::no_extension, dash, "double-bounce@d*"},
    };
    for (const auto& one : cases)
        EXPECT_EQ(joined(address_keys(one.address, one.kinds, one.rules)), one.want);
}

TEST(AddressKeys, QuoteOnlyWhatNeedsIt)
{
    EXPECT_EQ(quote_local_part("a.b"), "a.b");
    EXPECT_EQ(quote_local_part("a..b"), "\"a..b\"");
    EXPECT_EQ(quote_local_part(""), "\"\"");
    EXPECT_EQ(quote_local_part("a\"b\\"), "\"a\\\"b\\\\\"");
    EXPECT_EQ(quote_local_part("a@b"), "\"a@b\"");
}

} // namespace
} // namespace table
