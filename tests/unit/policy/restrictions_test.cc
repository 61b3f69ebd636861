// SPDX-License-Identifier: Apache-2.0
// The table of restrictions.
#include "lib/policy/restrictions.h"

#include <gtest/gtest.h>
#include <set>

namespace policy {
namespace {

TEST(Restrictions, AreFoundInAnyCase)
{
    EXPECT_EQ(find_restriction("PERMIT_MyNetworks")->name, "permit_mynetworks");
    EXPECT_EQ(find_restriction("check_client_access")->argument, Argument::Table);
    EXPECT_EQ(find_restriction("permit_mynetwork"), nullptr);
    EXPECT_EQ(find_restriction(""), nullptr);
}

TEST(Restrictions, HaveOneRowEach)
{
    std::set<std::string_view> names;
    for (const Restriction& row : restrictions)
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
}

TEST(Restrictions, OfferANearName)
{
    EXPECT_EQ(near_restriction("reject_unauth_destinaton"), "reject_unauth_destination");
    EXPECT_EQ(near_restriction("Permit_mynetwork"), "permit_mynetworks");
    EXPECT_EQ(near_restriction("something_else_altogether"), "");
}

TEST(Restrictions, OfAListSayWhatABareTableMeans)
{
    for (const ListParameter& row : list_parameters)
        EXPECT_TRUE(row.table_rule.empty() || find_restriction(row.table_rule)) << row.name;
    EXPECT_EQ(table_rule_of("smtpd_relay_restrictions"), "check_recipient_access");
    EXPECT_EQ(table_rule_of("smtpd_data_restrictions"), "");
    EXPECT_EQ(table_rule_of("mydestination"), "");
}

} // namespace
} // namespace policy
