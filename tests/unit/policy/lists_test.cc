// SPDX-License-Identifier: Apache-2.0
// Reading lists of restrictions without a server around.
#include "lib/policy/lists.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"
#include "lib/config/param.h"

namespace policy {
namespace {

class PolicyLists : public testing::Test {
protected:
    // The list as "name:argument name (members)", then each fault.
    std::string read(std::string_view text, const std::vector<std::string>& classes = {})
    {
        Lists lists(tables_, main_, classes);
        std::vector<std::string> elements;
        std::string why;
        EXPECT_TRUE(config::List::parse(text, elements, why));
        config::Faults faults;
        std::string out =
            show(lists.read("smtpd_client_restrictions", elements, "check_client_access", faults));
        for (const auto& fault : faults)
            base::append(out, "!", fault.text);
        return out;
    }
    static std::string show(const List& list)
    {
        std::string out;
        for (const Item& item : list) {
            base::append(out, out.empty() ? "" : " ", item.name());
            if (!item.argument.empty())
                base::append(out, "=", item.argument);
            if (item.members != nullptr)
                base::append(out, "(", show(*item.members), ")");
        }
        return out;
    }
    bool closes(std::string_view text)
    {
        Lists lists(tables_, main_, {"safe"});
        std::vector<std::string> elements;
        std::string why;
        config::Faults faults;
        config::List::parse(text, elements, why);
        return closes_relay(lists.read("x", elements, "", faults));
    }

    config::Faults main_faults_;
    config::MainCf main_ = config::MainCf::parse("safe = permit_mynetworks reject\nloop = loop\n",
                                                 "main.cf", main_faults_);
    table::Tables tables_{{}};
};

TEST_F(PolicyLists, KeepArgumentsWithTheirRestriction)
{
    const char* parameter = "parameter smtpd_client_restrictions: ";
    struct Row {
        std::string_view text;
        std::string want;
    };
    for (const Row& row : {
             Row{"permit_mynetworks, sleep 3 reject", "permit_mynetworks sleep=3 reject"},
             Row{"check_helo_access static:OK", "check_helo_access=static:OK"},
             Row{"static:OK", "check_client_access=static:OK"},
             Row{"safe permit", "safe(permit_mynetworks reject) permit"},
             Row{"sleep", base::cat("!", parameter, "restriction sleep needs an argument")},
             Row{"sleep -1 permit", base::cat("sleep=-1 permit!", parameter,
                                              "restriction sleep must be followed by number")},
             Row{"permit_mynetwrks reject",
                 base::cat("reject!", parameter,
                           "unknown smtpd restriction: \"permit_mynetwrks\"")},
         })
        EXPECT_EQ(read(row.text, {"safe"}), row.want);
}

TEST_F(PolicyLists, OfClassesWithoutDefinitionAreFaults)
{
    EXPECT_EQ(read("gone", {"gone"}), "!parameter smtpd_client_restrictions: restriction class "
                                      "`gone' needs a definition");
}

TEST_F(PolicyLists, CloseTheRelayWhereAllMailMeetsARefusal)
{
    for (std::string_view text : {"reject_unauth_destination", "permit_mynetworks defer", "safe"})
        EXPECT_TRUE(closes(text)) << text;
    for (std::string_view text : {"", "permit reject", "warn_if_reject reject", "sleep 1"})
        EXPECT_FALSE(closes(text)) << text;
}

} // namespace
} // namespace policy
