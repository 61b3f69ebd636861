// SPDX-License-Identifier: Apache-2.0
// The files of ldap: tables. What comes from a server is tested with one (tests/live).
#include "lib/table/modules/ldap.h"

#include "lib/table/modules/ldap_connection.h"
#include "tests/unit/table/modules/support.h"

namespace table {
namespace {

TEST(LdapModule, SaysWhatCannotBe)
{
    const struct {
        std::string_view text, why;
    } cases[] = {
        {"search_base = dc=x\n", ""},
        {"bind = sasl\nsasl_mechs = EXTERNAL\n", ""},
        {"bind = SASL\nsasl_mechs = GSSAPI\n",
         "bind = sasl is supported with sasl_mechs = EXTERNAL only in this release"},
        {"bind = sasl\nsasl_mechs = external\nsasl_minssf = 56\n",
         "sasl_minssf is not supported in this release"},
        {"bind = perhaps\n", "unsupported parameter value: bind = perhaps"},
        {"version = 2\nstart_tls = yes\n", "start_tls and bind = sasl require protocol version 3"},
        {"version = 4\n", "version 4 is unknown"},
        {"recursion_limit = 0\n", "recursion_limit must be more than 0"},
        {"dereference = 4\n", "dereference must be from 0 to 3"},
        {"timeout = 0\n", "timeout must be from 1 to 40 seconds"},
        {"server_host = ,\n", "server_host is empty"},
        {"query_filter =\n", "query_filter is empty"},
    };
    for (const auto& one : cases) {
        LdapModule module;
        EXPECT_EQ(test::why_not(module, one.text), one.why) << one.text;
    }
}

TEST(LdapModule, WarnsOfWhatHasNoEffect)
{
    LdapModule module;
    test::Notes notes;
    ASSERT_TRUE(module.open(test::settings(module, "cache = yes\nscope = tree\n"
                                                   "query_filter = (mail=x)\n"),
                            notes));
    EXPECT_EQ(notes.lines,
              (std::vector<std::string>{"ldap: ignoring cache",
                                        "Fixed query_filter (mail=x) is probably useless",
                                        "Unrecognized value tree specified for scope; using sub"}));
}

TEST(LdapModule, AServerThatIsNotThereIsAnError)
{
    LdapModule module;
    test::Notes notes;
    auto opened = module.open(test::settings(module, "server_host = ldap://127.0.0.1:1\n"
                                                     "query_filter = (uid=%u)\ntimeout = 2\n"),
                              notes);
    ASSERT_TRUE(opened);
    test::Search search("user@x.org");
    auto done = (*opened)->search(search);
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().temporary());
    EXPECT_EQ(notes.lines,
              (std::vector<std::string>{"dict_ldap_connect: Unable to bind to server "
                                        "ldap://127.0.0.1:1 with dn empty or implicit: -1 (Can't "
                                        "contact LDAP server)"}));
    test::Search unfit("@x.org");
    EXPECT_TRUE((*opened)->search(unfit)); // Known without a server.
}

} // namespace
} // namespace table
