// SPDX-License-Identifier: Apache-2.0
// Which names a configuration may use.
#include "lib/config/names.h"

#include <gtest/gtest.h>

namespace config {
namespace {

TEST(EditDistance, CountsEdits)
{
    EXPECT_EQ(edit_distance("myhostnam", "myhostname", 3), 1);
    EXPECT_EQ(edit_distance("myhotsname", "myhostname", 3), 1);
    EXPECT_EQ(edit_distance("same", "same", 3), 0);
    EXPECT_EQ(edit_distance("abc", "xyzw", 3), 4);
    EXPECT_EQ(edit_distance(std::string(500, 'a'), "a", 3), 4);
}

TEST(Names, KnowsTransportsTablesAndMacros)
{
    Faults faults;
    const MainCf main = MainCf::parse("virtual_alias_maps = proxy:ldap:people, mysql:/etc/x\n"
                                      "smtpd_restriction_classes = strict, loose\na = $b\n",
                                      "main.cf", faults);
    const MasterCf master = MasterCf::parse("slow unix - - n - - smtp -o x=$inner\n"
                                            "port inet n - n - - smtpd\n",
                                            "master.cf", {}, faults);
    const auto sets = known_sets();
    const Names names{sets, main, master};
    EXPECT_TRUE(names.declared("myhostname"));
    EXPECT_TRUE(names.of_transport("slow_destination_concurrency_limit"));
    EXPECT_TRUE(names.of_transport("slow_initial_destination_concurrency"));
    EXPECT_FALSE(names.of_transport("port_destination_concurrency_limit"));
    EXPECT_FALSE(names.of_transport("fast_destination_concurrency_limit"));
    EXPECT_TRUE(names.of_table("people_server_host"));
    EXPECT_FALSE(names.of_table("mysql_host"));
    EXPECT_TRUE(names.referenced("b"));
    EXPECT_TRUE(names.referenced("inner"));
    EXPECT_TRUE(names.referenced("strict"));
    EXPECT_FALSE(names.referenced("a"));
    EXPECT_EQ(names.near_name("inet_interface"), "inet_interfaces");
    EXPECT_EQ(names.near_name("smtpd_tls_cert_fil"), "smtpd_tls_cert_file");
    EXPECT_EQ(names.near_name("quite_another_thing_altogether"), "");
}

} // namespace
} // namespace config
