// SPDX-License-Identifier: Apache-2.0
// The frame of delivery agents, and the agents that deliver nowhere.
#include "lib/delivery/agent.h"

#include "lib/delivery/status_text.h"
#include "lib/delivery/text_agent.h"
#include "lib/mail/delivery_line.h"
#include "tests/unit/delivery/fixture.h"

namespace delivery::test {
namespace {

using ipc::delivery::Deliver;
using ipc::delivery::Delivered;
using mail::Status;

Deliver two_recipients(const std::string& next_hop, const base::Clock& clock)
{
    Deliver deliver;
    deliver.queue_id = "Q1";
    deliver.next_hop = next_hop;
    deliver.recipients = {{"a@example.com", "a@example.com", {}, 0},
                          {"b@example.com", "alias@example.com", {}, 0}};
    deliver.envelope.arrival = clock.wall() - std::chrono::seconds(20);
    deliver.activated = clock.wall() - std::chrono::seconds(8);
    deliver.queued_for = std::chrono::seconds(3);
    return deliver;
}

base::Task<void> store(AgentServer& server, Deliver request, Delivered& into)
{
    auto delivered = co_await server.on(std::move(request));
    into = std::move(*delivered);
}

TEST(Delivery, LogsALinePerRecipientWithTheTimesOfItsStations)
{
    LogLines log;
    base::ManualClock clock;
    Delivery delivery(two_recipients("x", clock), clock);
    mail::Outcome outcome;
    outcome.status = Status::Sent;
    outcome.dsn = "2.0.0";
    outcome.relay = "h[192.0.2.1]:25";
    outcome.text = "250 Ok";
    delivery.settle(0, outcome, {clock.wall() - std::chrono::seconds(1), 3});
    EXPECT_EQ(delivery.unsettled(), 1u);
    EXPECT_EQ(log.lines.back(),
              "Q1: to=<a@example.com>, relay=h[192.0.2.1]:25, conn_use=3, delay=20, "
              "delays=12/3/4/1, dsn=2.0.0, status=sent (250 Ok)");
    delivery.settle(0, outcome);
    EXPECT_EQ(log.lines.size(), 1u);
}

TEST(Delivery, QuotesAddressesInItsLine)
{
    const mail::Recipient recipient{"a b@example.com", "c\"d@example.com", {}, 0};
    const std::string line = mail::delivery_line("Q1", recipient, {}, {mail::DeliveryTimes{}});
    EXPECT_TRUE(
        line.starts_with("Q1: to=<\"a b\"@example.com>, orig_to=<\"c\\\"d\"@example.com>, "))
        << line;
}

class ForgetfulAgent final : public Agent {
public:
    base::Task<void> deliver(Delivery&) override { co_return; }
};

TEST(AgentServer, DefersWhomItsAgentForgot)
{
    LogLines log;
    base::ManualClock clock;
    ForgetfulAgent agent;
    AgentServer server(agent, clock, 1);
    Delivered delivered;
    base::Scope scope;
    scope.spawn(store(server, two_recipients("x", clock), delivered));
    ASSERT_EQ(delivered.outcomes.size(), 2u);
    EXPECT_EQ(delivered.outcomes[1].status, Status::Deferred);
    EXPECT_EQ(delivered.outcomes[1].dsn, "4.3.0");
}

TEST(Delivery, KeepsWhatFailsWithSoftBounce)
{
    LogLines log;
    base::ManualClock clock;
    Deliver request = two_recipients("x", clock);
    request.soft_bounce = true;
    Delivery delivery(std::move(request), clock);
    mail::Outcome outcome;
    outcome.status = Status::Bounced;
    outcome.dsn = "5.1.1";
    outcome.text = "no such user";
    delivery.settle(0, outcome);
    EXPECT_NE(log.lines.back().find("dsn=4.1.1, status=SOFTBOUNCE (no such user)"),
              std::string::npos);
    outcome.status = Status::Sent;
    delivery.settle(1, outcome);
    const Delivered delivered = delivery.finish();
    EXPECT_EQ(delivered.outcomes[0].status, Status::Deferred);
    EXPECT_EQ(delivered.outcomes[0].dsn, "4.1.1");
    EXPECT_EQ(delivered.outcomes[1].status, Status::Sent);
}

TEST(Delivery, SaysWhoseSuccessTheNextHostTells)
{
    LogLines log;
    base::ManualClock clock;
    Delivery delivery(two_recipients("x", clock), clock);
    mail::Outcome outcome;
    outcome.status = Status::Bounced;
    delivery.settle(0, outcome, {.onward = true});
    outcome.status = Status::Sent;
    delivery.settle(1, outcome, {.onward = true});
    EXPECT_EQ(delivery.finish().onward, std::vector<std::uint32_t>{1});
}

TEST(Delivery, DefersRecipientsThatTheAgentForgot)
{
    LogLines log;
    base::ManualClock clock;
    Delivery delivery(two_recipients("x", clock), clock);
    const Delivered delivered = delivery.finish();
    ASSERT_EQ(delivered.outcomes.size(), 2u);
    EXPECT_EQ(delivered.outcomes[1].status, Status::Deferred);
    EXPECT_EQ(delivered.outcomes[1].dsn, "4.3.0");
    EXPECT_TRUE(log.has("to=<b@example.com>, orig_to=<alias@example.com>, relay=none"));
}

TEST(TextAgent, GivesEverybodyTheNextHopAsReason)
{
    struct Case {
        Status status;
        std::string own, next_hop, dsn, text, word;
    };
    const Case cases[] = {
        {Status::Bounced, "5.0.0", "User unknown in virtual alias table", "5.0.0",
         "User unknown in virtual alias table", "bounced"},
        {Status::Bounced, "5.0.0", "5.1.1 User unknown", "5.1.1", "User unknown", "bounced"},
        {Status::Bounced, "5.0.0", "4.1.1 User unknown", "5.1.1", "User unknown", "bounced"},
        {Status::Deferred, "4.0.0", "4.4.2 later", "4.4.2", "later", "deferred"},
        {Status::Deferred, "4.0.0", "later", "4.0.0", "later", "deferred"},
        {Status::Sent, "2.0.0", "away with it", "2.0.0", "away with it", "sent"},
    };
    for (const Case& c : cases) {
        LogLines log;
        base::ManualClock clock;
        TextAgent agent(c.status, c.own);
        AgentServer server(agent, clock, 7);
        Delivered delivered;
        base::Scope scope;
        scope.spawn(store(server, two_recipients(c.next_hop, clock), delivered));
        ASSERT_EQ(delivered.outcomes.size(), 2u);
        EXPECT_EQ(delivered.outcomes[0].status, c.status);
        EXPECT_EQ(delivered.outcomes[0].dsn, c.dsn);
        EXPECT_TRUE(log.has(base::cat("relay=none, delay=20, delays=12/3/0/5, dsn=", c.dsn,
                                      ", status=", c.word, " (", c.text, ")")))
            << log.lines[0];
    }
}

TEST(StatusText, KeepsWhatIsNoCode)
{
    for (const char* text : {"5.1 x", "5.1.1x", "6.1.1 x", "5.1234.1 x", "5..1 x", "x 5.1.1"})
        EXPECT_EQ(split_status(text, "5.0.0"), (StatusText{"5.0.0", text}));
    EXPECT_EQ(split_status("5.1.1", "5.0.0"), (StatusText{"5.1.1", ""}));
}

} // namespace
} // namespace delivery::test
