// SPDX-License-Identifier: Apache-2.0
// Tables, match lists and restrictions of a configuration.
#include "lib/checkup/lookups.h"

#include "tests/unit/checkup/configuration.h"

namespace checkup {
namespace {

using Lookup = Configuration;
using Told = std::vector<std::string>;

TEST_F(Lookup, OfGoodTablesTellsNothing)
{
    directory_.write("map", "a b\n");
    std::string map = directory_.file("map");
    EXPECT_EQ(run("compatibility_level = 3.6\ntransport_maps = texthash:" + map +
                      " proxy:texthash:" + map + "\nmynetworks = 127.0.0.0/8 [::1]/128 " + map +
                      "\nmydestination = static:x, !a.example, " + map +
                      "\nsmtpd_restriction_classes = mine\nmine = permit_mynetworks\n"
                      "smtpd_recipient_restrictions = mine, check_sender_access texthash:" +
                      map + "\n",
                  "smtp inet n - - - - smtpd -o smtpd_client_restrictions=permit\n"),
              Told{});
}

TEST_F(Lookup, TellsTablesThatAreNotThere)
{
    EXPECT_EQ(
        run("compatibility_level = 3.6\ntransport_maps = hash:$config_directory/gone\n"
            "virtual_alias_maps = hsh:/x\nrelay_recipient_maps = tcp:127.0.0.1:99\n"
            "canonical_maps = $config_directory/plain\n"
            "mynetworks = 10.0.0.1/8, 300.1.1.1/8, texthash:$config_directory/none\n"
            "mydestination = $config_directory/list\n",
            ""),
        (Told{
            "main.cf 2 e parameter transport_maps: open database DIR/gone.lmdb: No such file or "
            "directory; run \"postmap DIR/gone\" (for aliases: \"postalias DIR/gone\")",
            "main.cf 3 e parameter virtual_alias_maps: unsupported dictionary type: hsh in "
            "\"hsh:/x\"",
            "main.cf 4 e parameter relay_recipient_maps: table type tcp is not available in this "
            "release: \"tcp:127.0.0.1:99\"",
            "main.cf 5 e parameter canonical_maps: expecting \"type:name\" form instead of "
            "\"DIR/plain\"",
            "main.cf 6 e parameter mynetworks: non-null host address bits in \"10.0.0.1/8\", "
            "perhaps you should use \"10.0.0.0/8\" instead",
            "main.cf 6 e parameter mynetworks: bad address pattern: \"300.1.1.1/8\"",
            "main.cf 6 e parameter mynetworks: open DIR/none: No such file or directory",
            "main.cf 7 e parameter mydestination: open DIR/list: No such file or directory",
        }));
}

TEST_F(Lookup, WarnsOfLinesThatAreLeftOut)
{
    directory_.write("rx", "/ok/ a\n/(open/ b\nno pattern\n");
    directory_.write("cidr", "10.0.0.0/8 OK\n10.0.0.0/80 OK\n");
    EXPECT_EQ(run("compatibility_level = 3.6\ntransport_maps = pcre:$config_directory/rx\n"
                  "smtpd_client_restrictions = check_client_access cidr:$config_directory/cidr\n",
                  ""),
              (Told{
                  "main.cf 2 w parameter transport_maps: pcre map DIR/rx, line 2: error in "
                  "expression at offset 5: missing closing parenthesis: skipping this rule",
                  "main.cf 2 w parameter transport_maps: pcre map DIR/rx, line 3: ignoring "
                  "unrecognized request",
                  "main.cf 3 w parameter smtpd_client_restrictions: cidr map DIR/cidr, line 2: "
                  "bad mask length in \"10.0.0.0/80\": skipping this rule",
              }));
}

TEST_F(Lookup, LooksAtClassesOfFailure)
{
    directory_.write("classes", "/^550/ policy\n/^551/ polcy\n");
    EXPECT_EQ(run("compatibility_level = 3.6\n"
                  "failure_class_maps = pcre:$config_directory/classes static:dns\n",
                  ""),
              Told{"main.cf 2 w parameter failure_class_maps: DIR/classes, line 2: \"polcy\" is "
                   "no class of failure, see failure_classes(5)"});
}

TEST_F(Lookup, TellsRestrictionsThatAreNone)
{
    EXPECT_EQ(run("compatibility_level = 3.6\n"
                  "smtpd_client_restrictions = permit_mynetwork\n"
                  "smtpd_helo_restrictions = check_helo_access\n"
                  "smtpd_sender_restrictions = check_sender_access hsh:x, mine\n"
                  "smtpd_restriction_classes = mine\n"
                  "mine = sleep soon\n"
                  "smtpd_recipient_restrictions = reject_rbl_client zen.example\n",
                  "smtp inet n - - - - smtpd -o smtpd_data_restrictions=static:OK\n"),
              (Told{
                  "main.cf 2 e parameter smtpd_client_restrictions: unknown smtpd restriction: "
                  "\"permit_mynetwork\" (Did you mean permit_mynetworks?)",
                  "main.cf 3 e parameter smtpd_helo_restrictions: restriction check_helo_access "
                  "needs an argument",
                  "main.cf 4 e parameter smtpd_sender_restrictions: unsupported dictionary type: "
                  "hsh in \"hsh:x\"",
                  "main.cf 6 e parameter mine: restriction sleep must be followed by number",
                  "main.cf 7 e parameter smtpd_recipient_restrictions: restriction "
                  "reject_rbl_client is not in this release, and without it mail would pass that "
                  "you want refused",
                  "master.cf 1 e parameter smtpd_data_restrictions: unexpected lookup table "
                  "static:OK",
              }));
}

TEST_F(Lookup, TellsAnOpenRelay)
{
    EXPECT_EQ(run("compatibility_level = 3.6\nsmtpd_relay_restrictions = permit_mynetworks\n",
                  "smtp inet n - - - - smtpd\n"
                  "one inet n - - - - smtpd -o smtpd_recipient_restrictions=reject\n"
                  "two inet n - - - - smtpd -o smtpd_relay_restrictions=permit\n"),
              (Told{base::cat("main.cf 2 e ", policy::open_relay_fault().text),
                    base::cat("master.cf 3 e ", policy::open_relay_fault().text)}));
}

} // namespace
} // namespace checkup
