// SPDX-License-Identifier: Apache-2.0
// The promise of the admission rule, by simulation: 20,000 messages for destinations that refuse
// or never answer do not slow healthy mail down, and what the scheduler holds stays bounded. Also
// prints how many operations per second the scheduler does.
#include <cstdio>
#include <ctime>
#include <queue>

#include "tests/unit/qmgr/fixture.h"

using namespace qmgr_test;
using Kind = qmgr::Verdict::Kind;

namespace {

constexpr base::Duration service = 400ms;
constexpr int dead_messages = 20'000;
constexpr int healthy_messages = 200;

struct Happening {
    base::MonoTime when;
    std::uint64_t order;
    qmgr::DeliveryRequest request; // Ends, when its id is not 0.
    qmgr::Message message;         // Arrives, otherwise.

    bool operator<(const Happening& other) const
    {
        return std::tie(other.when, other.order) < std::tie(when, order);
    }
};

struct Plan {
    const char* name;
    int dead_destinations;
    int healthy_destinations;
    qmgr::Source dead_source;
    bool healthy_known;   // They answered before the storm.
    base::Duration start; // Of healthy mail, after the dead mail.
};

class Storm : public SchedulerTest {
protected:
    std::priority_queue<Happening> happenings;
    std::uint64_t order = 0;
    std::map<std::string, base::MonoTime> arrivals;
    std::map<std::string, qmgr::Message> messages;
    std::vector<base::Duration> latencies;
    qmgr::Counts most;

    void at(base::MonoTime when, qmgr::DeliveryRequest request, qmgr::Message message)
    {
        happenings.push({when, ++order, std::move(request), std::move(message)});
    }

    void arrive(base::Duration after, const std::string& id, const std::string& nexthop,
                qmgr::Source source)
    {
        at(now() + after, {}, {id, "s-" + id, source, false, {to(0, nexthop)}, 0});
    }

    static base::Duration duration(const std::string& nexthop)
    {
        if (nexthop[0] == 'h')
            return service;
        return nexthop[0] == 'r' ? base::Duration{2ms} : base::Duration{30s};
    }

    void happen(const Happening& happening)
    {
        if (happening.request.id == 0) {
            const auto& message = happening.message;
            messages.emplace(message.id, message);
            if (!scheduler().admit(message, now())) // The queue tries again.
                at(now() + 1s, {}, message);
            return;
        }
        const bool healthy = happening.request.nexthop[0] == 'h';
        if (healthy)
            latencies.push_back(now() - arrivals[happening.request.message]);
        finish(happening.request, healthy ? Kind::Reached : Kind::PeerFailed);
    }

    // Crowded mail stays in the queue and comes back; what is dead comes back as a retry too.
    void requeue()
    {
        for (auto& setback : scheduler().take_events().setbacks) {
            auto message = messages.at(setback.message);
            message.source = qmgr::Source::Deferred;
            if (message.targets[0].nexthop[0] == 'h')
                message.source = qmgr::Source::Incoming;
            at(setback.retry_at, {}, std::move(message));
        }
    }

    void run(base::MonoTime until)
    {
        while (now() < until) {
            for (auto& request : drain()) {
                const auto when = now() + duration(request.nexthop);
                at(when, std::move(request), {});
            }
            requeue();
            note_most();
            auto when = std::min(until, scheduler().deadline());
            if (!happenings.empty())
                when = std::min(when, happenings.top().when);
            clock.advance(std::max(when, now()) - now());
            while (!happenings.empty() && happenings.top().when <= now()) {
                const Happening happening = happenings.top();
                happenings.pop();
                happen(happening);
            }
        }
    }

    void note_most()
    {
        const auto counts = scheduler().counts();
        most.messages = std::max(most.messages, counts.messages);
        most.doubtful_recipients = std::max(most.doubtful_recipients, counts.doubtful_recipients);
        most.in_flight = std::max(most.in_flight, counts.in_flight);
        most.destinations = std::max(most.destinations, counts.destinations);
    }

    void healthy_mail(const Plan& plan)
    {
        for (int i = 0; i < healthy_messages; ++i) {
            const auto id = base::cat("good", i);
            const auto after = plan.start + i * 100ms;
            arrivals[id] = now() + after;
            arrive(after, id, base::cat("h", i % plan.healthy_destinations),
                   qmgr::Source::Incoming);
        }
    }

    void simulate(const Plan& plan)
    {
        if (plan.healthy_known)
            for (int i = 0; i < plan.healthy_destinations; ++i) {
                clock.advance(1s);
                prove(base::cat("h", i));
            }
        for (int i = 0; i < dead_messages; ++i) {
            const int which = i % plan.dead_destinations;
            const auto nexthop = base::cat(which % 2 ? "refuses" : "silent", which);
            arrive(i * 10us, base::cat("bad", i), nexthop, plan.dead_source);
        }
        healthy_mail(plan);
        run(now() + plan.start + 120s);
    }

    base::Duration percentile99()
    {
        std::sort(latencies.begin(), latencies.end());
        return latencies[latencies.size() * 99 / 100 - 1];
    }
};

class StormPlans : public Storm, public ::testing::WithParamInterface<Plan> {};

} // namespace

TEST_P(StormPlans, HealthyMailStaysWithinTwiceItsIdleLatency)
{
    const Plan plan = GetParam();
    simulate(plan);
    ASSERT_EQ(latencies.size(), static_cast<std::size_t>(healthy_messages));
    const auto worst = percentile99();
    std::printf("%s: p99 %lld ms (idle %lld), most active %u, doubtful %u, in flight %u, "
                "destinations %u\n",
                plan.name, static_cast<long long>(worst.count() / 1000),
                static_cast<long long>(service.count() / 1000), most.messages,
                most.doubtful_recipients, most.in_flight, most.destinations);
    EXPECT_LE(worst, 2 * service);
    EXPECT_LE(most.messages, 15'500u) << "a quarter of the active set is always free";
    EXPECT_LE(most.doubtful_recipients, 15'000u);
    EXPECT_LE(most.in_flight, 100u);
    EXPECT_LE(most.destinations, 40'000u);
}

INSTANTIATE_TEST_SUITE_P(
    Scheduler, StormPlans,
    ::testing::Values(
        Plan{"ManyDeadRetriesKnownGood", 2000, 20, qmgr::Source::Deferred, true, 5s},
        Plan{"ManyDeadRetriesUnknownGood", 2000, 20, qmgr::Source::Deferred, false, 5s},
        Plan{"ManyDeadFreshKnownGood", 2000, 20, qmgr::Source::Incoming, true, 0s},
        Plan{"ManyDeadFreshUnknownGood", 2000, 20, qmgr::Source::Incoming, false, 5s},
        Plan{"ManyDeadLongAfterAllGoodUnknown", 2000, 200, qmgr::Source::Incoming, false, 900s},
        Plan{"ManyDeadFreshAllGoodUnknown", 2000, 200, qmgr::Source::Incoming, false, 5s},
        Plan{"TwoDeadRetriesKnownGood", 2, 20, qmgr::Source::Deferred, true, 0s},
        Plan{"TwoDeadFreshUnknownGood", 2, 20, qmgr::Source::Incoming, false, 0s},
        Plan{"TwoDeadFreshAllGoodUnknown", 2, 200, qmgr::Source::Incoming, false, 0s}),
    [](const auto& plan) { return std::string{plan.param.name}; });

TEST_F(SchedulerTest, HoldsAHundredThousandRecipientsAndIsFast)
{
    limits.message_recipient_limit = 200'000;
    limits.message_active_limit = 200'000;
    smtp.capacity = 1'000;
    smtp.recipient_limit = 200'000;
    constexpr int count = 100'000;
    std::vector<qmgr::Message> mail;
    for (int i = 0; i < count; ++i)
        mail.push_back({base::cat("M", i),
                        base::cat("s", i),
                        {},
                        false,
                        {to(0, base::cat("d", i % 1000, ".example"))},
                        0});
    for (int i = 0; i < 1000; ++i) {
        prove(base::cat("d", i, ".example"));
    }
    const std::clock_t start = std::clock(); // Processor time: the machine may be busy.
    for (const auto& message : mail)
        ASSERT_TRUE(scheduler().admit(message, now()));
    EXPECT_EQ(scheduler().counts().recipients, static_cast<std::uint32_t>(count));
    int done = 0;
    const qmgr::Fate fate = qmgr::Fate::Done;
    while (done < count) {
        for (const auto& request : drain()) {
            scheduler().finished(request.id, {&fate, 1}, {}, now());
            ++done;
        }
        scheduler().take_events();
    }
    const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::printf("%.2f million scheduling operations per second\n", 3e-6 * count / took);
    EXPECT_EQ(scheduler().counts().recipients, 0u);
}
