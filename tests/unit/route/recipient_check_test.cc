// SPDX-License-Identifier: Apache-2.0
// Whether a recipient of ours exists.
#include "lib/route/recipient_check.h"

#include "tests/unit/route/site.h"

namespace route {
namespace {

std::string checked(std::string_view config, const std::string& address)
{
    test::SiteUnderTest site(config);
    Router router(site.tables(), site.destinations());
    RecipientCheck check(site.tables(), site.destinations());
    auto route = test::run(router.resolve("", address));
    if (!route)
        return "route error";
    auto listing = test::run(check.check(address, *route));
    if (!listing)
        return "temporary";
    return listing->known ? "known" : base::cat(listing->code, " ", listing->text);
}

TEST(RecipientCheck, AsksTheTableOfTheClass)
{
    std::string_view config = R"(
local_recipient_maps = inline:{user=x tom=x}
virtual_mailbox_maps = inline:{box@vbox.example=x @catch.example=x}
virtual_mailbox_domains = vbox.example catch.example
relay_recipient_maps = inline:{r@relay.example=x}
virtual_alias_maps = inline:{al@valias.example=user only=user}
canonical_maps = inline:{canon=user}
)";
    struct {
        std::string address;
        std::string_view want;
    } cases[] = {
        {"user@us.example", "known"},
        {"USER@us.example", "known"},
        {"user+ext@us.example", "known"},
        {"user@localhost", "known"},
        {"user@[127.0.0.1]", "known"},
        {"nobody@us.example", "550 User unknown in local recipient table"},
        {"only@us.example", "known"},
        {"canon@us.example", "known"},
        {"box@vbox.example", "known"},
        {"box+e@vbox.example", "known"},
        {"user@vbox.example", "550 User unknown in virtual mailbox table"},
        {"any@catch.example", "known"},
        {"r@relay.example", "known"},
        {"s@relay.example", "550 User unknown in relay recipient table"},
        {"al@valias.example", "known"},
        {"no@valias.example", "550 User unknown in virtual alias table"},
        {"any@other.example", "known"},
    };
    for (const auto& one : cases)
        EXPECT_EQ(checked(config, one.address), one.want) << one.address;
}

TEST(RecipientCheck, EmptyTablesAcceptAll)
{
    EXPECT_EQ(checked("", "nobody@us.example"), "known");
    EXPECT_EQ(checked("", "nobody@relay.example"), "known");
    EXPECT_EQ(checked("", "nobody@vbox.example"), "known");
}

TEST(RecipientCheck, FollowsItsParameters)
{
    EXPECT_EQ(checked("local_recipient_maps = inline:{a=b}\nshow_user_unknown_table_name = no\n"
                      "unknown_local_recipient_reject_code = 450",
                      "x@us.example"),
              "450 User unknown");
    EXPECT_EQ(checked("local_recipient_maps = fail:x", "x@us.example"), "temporary");
    EXPECT_EQ(checked("virtual_alias_maps = fail:x", "x@us.example"), "temporary");
}

} // namespace
} // namespace route
