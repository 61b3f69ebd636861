// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/failure_class.h"

#include <gtest/gtest.h>

namespace mail {

TEST(FailureClass, NamesGoBothWays)
{
    for (std::size_t i = 0; i < failure_class_count; ++i) {
        const auto kind = static_cast<FailureClass>(i);
        EXPECT_EQ(failure_class_of(failure_class_name(kind)), kind);
        EXPECT_EQ(failure_advice(kind).empty(), kind == FailureClass::None);
        for (const bool hard : {false, true}) {
            if (kind != FailureClass::None) {
                EXPECT_EQ(parse_failure(failure_text({kind, hard})), (Failure{kind, hard}));
            }
        }
    }
    EXPECT_EQ(failure_text({FailureClass::MailboxFull, false}), "mailbox-full (soft)");
    EXPECT_EQ(failure_text({}), "");
    EXPECT_EQ(failure_class_names().size(), failure_class_count - 1);
}

TEST(FailureClass, ReadsWhatPeopleWrite)
{
    const struct {
        std::string_view text;
        std::optional<Failure> want;
    } table[] = {
        {"bad-address hard", Failure{FailureClass::BadAddress, true}},
        {" Bad-Address  (HARD) ", Failure{FailureClass::BadAddress, true}},
        {"policy", Failure{FailureClass::Policy, false}},
        {"policy soft", Failure{FailureClass::Policy, false}},
        {"polity", std::nullopt},
        {"policy harder", std::nullopt},
        {"policy (hard) x", std::nullopt},
        {"", std::nullopt},
    };
    for (const auto& row : table)
        EXPECT_EQ(parse_failure(row.text), row.want) << row.text;
}

} // namespace mail
