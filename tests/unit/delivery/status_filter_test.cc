// SPDX-License-Identifier: Apache-2.0
// Filters of what became of recipients.
#include "lib/delivery/status_filter.h"

#include <gtest/gtest.h>

#include "lib/delivery/outcomes.h"

namespace delivery {
namespace {

using mail::Status;

TEST(ReplaceStatus, KeepsSuccessAndFailureApart)
{
    const struct {
        const char *before, *answer, *after;
        Status status;
    } rows[] = {
        {"5.1.1", "4.1.1 later", "4.1.1 later", Status::Deferred},
        {"4.7.5", " 5.7.5  no TLS ", "5.7.5 no TLS", Status::Bounced},
        {"4.7.5", "4.0.0 censored", "4.0.0 censored", Status::Deferred},
        {"2.0.0", "2.1.5 delivered", "2.1.5 delivered", Status::Sent},
        {"2.0.0", "5.1.1 no", nullptr, Status::Sent},
        {"2.0.0", "4.1.1 no", nullptr, Status::Sent},
        {"5.1.1", "2.0.0 yes", nullptr, Status::Bounced},
        {"5.1.1", "4.1.1", nullptr, Status::Bounced},
        {"5.1.1", "4.1.1 ", nullptr, Status::Bounced},
        {"5.1.1", "", nullptr, Status::Bounced},
        {"5.1.1", "later", nullptr, Status::Bounced},
        {"5.1.1", "4..1 x", nullptr, Status::Bounced},
        {"5.1.1", "4.1.1.1 x", nullptr, Status::Bounced},
        {"5.1.1", "4.1000.1 x", nullptr, Status::Bounced},
        {"5.1.1", "6.1.1 x", nullptr, Status::Bounced},
        {"5.1.1", "4,1.1 x", nullptr, Status::Bounced},
    };
    for (const auto& row : rows) {
        auto outcome = outcome_of(row.before, "text");
        EXPECT_EQ(replace_status(outcome, row.answer), row.after != nullptr) << row.answer;
        EXPECT_EQ(outcome.status, row.status) << row.answer;
        EXPECT_EQ(outcome.dsn + " " + outcome.text,
                  row.after == nullptr ? std::string(row.before) + " text" : row.after);
    }
}

base::Task<void> apply(const StatusFilter& filter, mail::Outcome& outcome)
{
    co_await filter.apply(outcome);
}

TEST(StatusFilter, AsksWithCodeAndText)
{
    table::Tables tables{{}};
    const StatusFilter filter{tables,
                              "x_delivery_status_filter",
                              {"regexp:{{/^5(.*user unknown.*)/ 4$1}, {/bad/ nonsense}}"}};
    EXPECT_FALSE(filter.empty());
    auto unknown = outcome_of("5.1.1", "user unknown here");
    auto other = outcome_of("5.2.2", "full");
    auto bad = outcome_of("5.2.3", "bad");
    auto queued = mail::Outcome{};
    base::Scope scope;
    for (auto* one : {&unknown, &other, &bad, &queued})
        scope.spawn(apply(filter, *one));
    ASSERT_TRUE(scope.empty());
    EXPECT_EQ(unknown.status, Status::Deferred);
    EXPECT_EQ(unknown.dsn + " " + unknown.text, "4.1.1 user unknown here");
    EXPECT_EQ(other, outcome_of("5.2.2", "full"));
    EXPECT_EQ(bad, outcome_of("5.2.3", "bad"));
    EXPECT_EQ(queued, mail::Outcome{});
}

} // namespace
} // namespace delivery
