// SPDX-License-Identifier: Apache-2.0
// Domains in two lists.
#include "lib/checkup/domains.h"

#include "tests/unit/checkup/configuration.h"

namespace checkup {
namespace {

using Domains = Configuration;

TEST_F(Domains, InTwoListsAreTold)
{
    EXPECT_EQ(run("compatibility_level = 3.6\nmydestination = a.example, B.example, hash.example\n"
                  "virtual_alias_domains = b.example c.example\n"
                  "virtual_mailbox_domains = static:a.example, c.example !a.example\n"
                  "relay_domains = $mydestination\n",
                  ""),
              (std::vector<std::string>{
                  "main.cf 3 w do not list domain b.example in BOTH mydestination and "
                  "virtual_alias_domains (mydestination is what counts)",
                  "main.cf 4 w do not list domain c.example in BOTH virtual_alias_domains and "
                  "virtual_mailbox_domains (virtual_alias_domains is what counts)",
                  "main.cf 5 w do not list domain b.example in BOTH virtual_alias_domains and "
                  "relay_domains (virtual_alias_domains is what counts)",
              }));
}

} // namespace
} // namespace checkup
