// SPDX-License-Identifier: Apache-2.0
#include "services/failures/ledger.h"

#include <gtest/gtest.h>

namespace failures {

using enum mail::FailureClass;
using namespace std::chrono_literals;

namespace {

Event failure(mail::FailureClass kind, std::string id, bool returned = true, bool hard = false)
{
    Event event;
    event.address = "a@b.example";
    event.queue_id = std::move(id);
    event.failure = {kind, hard};
    event.returned = returned;
    event.remote = true;
    event.when = base::from_unix_seconds(1'000'000);
    event.reply = "552 no";
    return event;
}

std::optional<Entry> take(std::optional<Entry> entry, const Event& event, const Rules& rules = {})
{
    return after(std::move(entry), "a@b.example", event, rules);
}

} // namespace

TEST(Ledger, CountsFiveMessagesWithSoftFailuresAsHard)
{
    std::optional<Entry> entry;
    for (int i = 1; i <= 5; ++i) {
        entry = take(std::move(entry), failure(MailboxFull, std::to_string(i)));
        EXPECT_EQ(entry->soft_in_row, static_cast<std::uint64_t>(i));
        EXPECT_EQ(entry->counts_as_hard, i == 5);
    }
    EXPECT_FALSE(entry->hard);
    EXPECT_EQ(entry->latest.size(), events_kept);
}

TEST(Ledger, ForgetsAtASuccess)
{
    auto entry = take({}, failure(BadAddress, "1", true, true));
    EXPECT_TRUE(entry->counts_as_hard);
    entry = take(std::move(entry), Event{});
    EXPECT_FALSE(entry);
    entry = take(std::move(entry), failure(MailboxFull, "2"));
    EXPECT_EQ(entry->soft_in_row, 1u);
}

TEST(Ledger, CountsAMessageOnce)
{
    auto entry = take({}, failure(MailboxFull, "1", false));
    entry = take(std::move(entry), failure(MailboxFull, "1", false));
    entry = take(std::move(entry), failure(MailboxFull, "1", true));
    EXPECT_EQ(entry->soft_in_row, 1u);
    EXPECT_EQ(entry->deferred, 2u);
    EXPECT_EQ(entry->returned, 1u);
}

// A host that is down for an hour says nothing of its users.
TEST(Ledger, DoesNotCountDeferralsThatAreNotAboutTheMailbox)
{
    std::optional<Entry> entry;
    for (int i = 0; i < 10; ++i)
        entry = take(std::move(entry), failure(Network, std::to_string(i), false));
    EXPECT_EQ(entry->soft_in_row, 0u);
    EXPECT_EQ(entry->deferred, 10u);
    EXPECT_FALSE(entry->counts_as_hard);
}

TEST(Ledger, KnowsWhatConcernsADomain)
{
    EXPECT_TRUE(concerns_domain(failure(Network, "1")));
    EXPECT_TRUE(concerns_domain(failure(Dns, "1")));
    EXPECT_FALSE(concerns_domain(failure(BadAddress, "1")));
    EXPECT_FALSE(concerns_domain(failure(MailboxFull, "1")));
    EXPECT_TRUE(concerns_domain(Event{}));
}

TEST(Ledger, SuppressesOnlyWhatTheRulesSay)
{
    const Rules on{5, true, false, {BadAddress}};
    const struct {
        std::string_view name;
        Event event;
        Rules rules;
        bool want;
    } table[] = {
        {"hard", failure(BadAddress, "1", true, true), on, true},
        {"off", failure(BadAddress, "1", true, true), {5, false, false, {BadAddress}}, false},
        {"soft", failure(BadAddress, "1", true, false), on, false},
        {"soft, limit 1", failure(BadAddress, "1"), {1, true, false, {BadAddress}}, true},
        {"other class", failure(Dns, "1", true, true), on, false},
    };
    for (const auto& row : table)
        EXPECT_EQ(take({}, row.event, row.rules)->suppressed, row.want) << row.name;
    Event local = failure(BadAddress, "1", true, true);
    local.remote = false;
    EXPECT_FALSE(take({}, local, on)->suppressed);
    EXPECT_FALSE(after({}, "@b.example", failure(BadAddress, "1", true, true), on)->suppressed);
}

TEST(Ledger, MakesLogLines)
{
    Event event = failure(MailboxFull, "4xID");
    event.dsn = "5.2.2";
    EXPECT_EQ(log_line(event), "4xID: why: to=<a@b.example>, class=mailbox-full, soft, dsn=5.2.2");
}

TEST(Ledger, CutsReplies)
{
    Event event = failure(Unknown, "1");
    event.reply.assign(10'000, 'x');
    EXPECT_EQ(take({}, event)->latest.back().reply.size(), reply_kept);
}

} // namespace failures
