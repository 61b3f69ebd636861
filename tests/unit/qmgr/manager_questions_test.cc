// SPDX-License-Identifier: Apache-2.0
// What people ask about waiting mail, while the queue manager works.
#include "qmgr/commands.h"
#include "tests/unit/qmgr/manager_fixture.h"

namespace qmgr {

using namespace ipc::qmgr;

static const mail::Outcome later = outcome(mail::Status::Deferred, "4.2.0", "451 later");

class ManagerQuestions : public ManagerTest {
protected:
    mail::QueueId deferred(const std::string& to)
    {
        agents_.outcomes[to.substr(to.find('@') + 1)] = later;
        auto id = send({to});
        EXPECT_TRUE(until([&] { return in(Queue::Deferred, id); }));
        return id;
    }

    static Task<void> ask_all(Commands& commands, Search question, Found& all, int& pages)
    {
        auto page = co_await commands.on(std::move(question));
        while (page) {
            ++pages;
            for (auto& id : page->ids)
                all.ids.push_back(std::move(id));
            for (auto& entry : page->entries)
                all.entries.push_back(std::move(entry));
            all.messages += page->messages;
            all.complete = page->complete;
            if (page->complete)
                co_return;
            page = co_await commands.on(SearchMore{});
        }
    }
    Found ask(Search question)
    {
        Commands commands(*manager_, 1, 2);
        Found all;
        base::Scope scope;
        scope.spawn(ask_all(commands, std::move(question), all, pages_));
        EXPECT_TRUE(until([&] { return scope.empty(); }));
        EXPECT_TRUE(all.complete);
        return all;
    }
    template <typename Q, typename A>
    static Task<void> ask_one(Commands& commands, Q question, base::Result<A>& answer)
    {
        answer = co_await commands.on(std::move(question));
    }
    template <typename A, typename Q> base::Result<A> answer(Q question)
    {
        Commands commands(*manager_, 1, 2);
        base::Result<A> got = base::temporary("none");
        base::Scope scope;
        scope.spawn(ask_one<Q, A>(commands, std::move(question), got));
        EXPECT_TRUE(until([&] { return scope.empty(); }));
        return got;
    }
    int pages_ = 0;
};

TEST_F(ManagerQuestions, FindMailInEveryQueue)
{
    start();
    auto waiting = deferred("a@one.test");
    auto held = deferred("b@two.test");
    ASSERT_TRUE(manager_->change(held, Change::Hold));
    agents_.stopped.insert("three.test");
    auto active = send({"c@three.test"});
    ASSERT_TRUE(until([&] { return agents_.tried["c@three.test"] == 1; }));
    auto all = ask({{}, Wanted::Entries, {}});
    std::map<std::string, std::string> queues;
    for (const auto& entry : all.entries)
        queues[entry.queue_id] = entry.queue;
    EXPECT_EQ(queues, (std::map<std::string, std::string>{
                          {waiting, "deferred"}, {held, "hold"}, {active, "active"}}));
    EXPECT_EQ(ask({{{"destination", "one.test"}}, Wanted::Ids, {}}).ids, std::vector{waiting});
    EXPECT_EQ(ask({{{"reason", "451"}, {"queue", "hold"}}, Wanted::Ids, {}}).ids,
              std::vector{held});
    EXPECT_EQ(ask({{{"recipient", "c@*"}}, Wanted::Ids, {}}).ids, std::vector{active});
    EXPECT_EQ(ask({{{"sender", "sender@example.test"}}, Wanted::Count, {}}).messages, 3u);
    EXPECT_FALSE(answer<Found>(SearchMore{}));
    EXPECT_FALSE(answer<Found>(Search{{{"colour", "red"}}, Wanted::Ids, {}}));
}

TEST_F(ManagerQuestions, AreAnsweredInPagesSideBySide)
{
    start();
    std::vector<mail::QueueId> ids;
    for (int i = 0; i < 20; ++i)
        ids.push_back(deferred("a@one.test"));
    Commands first(*manager_, 1, 2), second(*manager_, 1, 2);
    Found one, two;
    auto scope = std::make_unique<base::Scope>();
    base::Scope other;
    scope->spawn(ask_all(first, {{}, Wanted::Ids, {}}, one, pages_));
    other.spawn(ask_all(second, {{}, Wanted::Ids, {}}, two, pages_));
    scope.reset(); // The first goes away while it has its turn.
    EXPECT_TRUE(until([&] { return other.empty(); }));
    EXPECT_EQ(two.ids.size(), ids.size());
}

TEST_F(ManagerQuestions, FlushWhatMatches)
{
    start();
    auto wanted = deferred("a@one.test"), other = deferred("b@two.test");
    agents_.outcomes.clear();
    ASSERT_TRUE(answer<Count>(FlushMatching{{{"recipient", "@one.test"}}}));
    EXPECT_TRUE(until([&] { return gone(wanted); }));
    run_for(100ms);
    EXPECT_TRUE(in(Queue::Deferred, other));
    ASSERT_TRUE(answer<Count>(FlushMatching{{{"older", "0s"}}}));
    EXPECT_TRUE(until([&] { return gone(other); }));
    EXPECT_FALSE(answer<Count>(FlushMatching{{{"colour", "red"}}}));
}

TEST_F(ManagerQuestions, ExplainAMessageAndItsDestination)
{
    catalog_.given.destination_rate_delay = 0s;
    catalog_.given.initial_destination_concurrency = 1;
    start();
    agents_.dead.insert("one.test");
    auto id = deferred("a@one.test");
    auto explained = answer<Explanation>(Explain{id});
    ASSERT_TRUE(explained && explained->found);
    EXPECT_EQ(explained->queue, "deferred");
    EXPECT_GT(explained->next_attempt, explained->arrival);
    EXPECT_GT(explained->expires, explained->next_attempt);
    ASSERT_EQ(explained->recipients.size(), 1u);
    const auto& recipient = explained->recipients[0];
    ASSERT_EQ(recipient.history.size(), 1u);
    EXPECT_EQ(recipient.history[0].outcome.text, "451 later");
    EXPECT_EQ(recipient.destination.transport, "smtp");
    EXPECT_EQ(recipient.destination.next_hop, "one.test");
    EXPECT_TRUE(recipient.destination.dead);
    EXPECT_GT(recipient.destination.dead_until, recipient.destination.dead_since);
    auto state = answer<DestinationState>(ExplainAddress{"x@one.test"});
    ASSERT_TRUE(state);
    EXPECT_TRUE(state->dead);
    EXPECT_EQ(answer<DestinationState>(ExplainAddress{"x@nine.test"})->summary, "");
    EXPECT_FALSE(answer<Explanation>(Explain{"ABCDEF1"})->found);
    EXPECT_FALSE(answer<Explanation>(Explain{"../x"}));
}

TEST_F(ManagerQuestions, KnowWhatWasToldToExpire)
{
    start();
    auto id = deferred("a@one.test");
    ASSERT_TRUE(manager_->change(id, Change::Expire));
    auto all = ask({{}, Wanted::Entries, {}});
    ASSERT_EQ(all.entries.size(), 1u);
    EXPECT_TRUE(all.entries[0].expired);
    EXPECT_TRUE(in(Queue::Deferred, id));
}

} // namespace qmgr
