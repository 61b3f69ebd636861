// SPDX-License-Identifier: Apache-2.0
// Random mail, results, flushes and withdrawals: whatever happens, each recipient leaves exactly
// once, no limit is passed, and nothing is left over at the end.
#include <random>
#include <set>

#include "tests/unit/qmgr/fixture.h"

using namespace qmgr_test;
using Kind = qmgr::Verdict::Kind;

namespace {

class RandomMail : public SchedulerTest {
protected:
    std::mt19937 random{1};
    std::vector<qmgr::DeliveryRequest> under_way;
    std::map<std::string, std::set<std::uint32_t>> open; // Recipients by message.
    std::set<std::string> withdrawn;
    std::map<std::string, int> in_flight; // By destination.
    int names = 0;

    std::uint32_t roll(std::uint32_t sides) { return static_cast<std::uint32_t>(random()) % sides; }

    void leave(const std::string& message, const std::vector<std::uint32_t>& recipients)
    {
        for (const std::uint32_t number : recipients)
            EXPECT_EQ(open[message].erase(number), 1u) << message << " " << number;
    }

    void send_some()
    {
        qmgr::Message message;
        message.id = base::cat("M", ++names);
        message.sender = base::cat("s", roll(5));
        message.source = roll(2) ? qmgr::Source::Incoming : qmgr::Source::Deferred;
        message.flush = roll(30) == 0;
        const std::uint32_t count = 1 + roll(roll(10) == 0 ? 200 : 4);
        for (std::uint32_t i = 0; i < count; ++i)
            message.targets.push_back(to(i, base::cat("d", roll(40)), roll(4) ? "smtp" : "local"));
        if (!scheduler().admit(message, now()))
            return;
        for (std::uint32_t i = 0; i < count; ++i)
            open[message.id].insert(i);
    }

    void start_some()
    {
        for (std::uint32_t i = roll(20); i > 0; --i) {
            auto request = scheduler().next(now());
            if (!request)
                return;
            EXPECT_LE(request->recipients.size(), 10u);
            if (request->transport == "smtp") {
                EXPECT_LE(++in_flight[request->nexthop], 6);
            }
            under_way.push_back(std::move(*request));
        }
    }

    void end_one()
    {
        if (under_way.empty())
            return;
        std::swap(under_way[roll(static_cast<std::uint32_t>(under_way.size()))], under_way.back());
        const auto request = under_way.back();
        under_way.pop_back();
        if (request.transport == "smtp")
            --in_flight[request.nexthop];
        const bool bad = request.nexthop.back() < '4';
        const Kind kinds[] = {Kind::Reached, Kind::Unknown};
        const Kind kind = roll(300) == 0 ? Kind::TransportFailed
                          : bad          ? Kind::PeerFailed
                                         : kinds[roll(20) == 0];
        leave(request.message, request.recipients);
        finish(request, kind);
    }

    void look_at_events()
    {
        const auto events = scheduler().take_events();
        for (const auto& setback : events.setbacks)
            leave(setback.message, setback.recipients);
        for (const auto& completion : events.completed) {
            if (!withdrawn.contains(completion.message)) {
                EXPECT_TRUE(open[completion.message].empty()) << completion.message;
            }
            EXPECT_EQ(open.erase(completion.message), 1u) << "completed once";
        }
    }

    void disturb()
    {
        switch (roll(40)) {
        case 0: scheduler().flush_all(); break;
        case 1: scheduler().flush_site(base::cat("d", roll(40))); break;
        case 2: scheduler().flush_message(base::cat("M", names)); break;
        case 3:
            if (open.contains(base::cat("M", names)))
                withdrawn.insert(base::cat("M", names));
            scheduler().withdraw(base::cat("M", names));
            break;
        case 4: clock.advance(400s); break;
        default: clock.advance(10ms); break;
        }
        scheduler().explain_message(base::cat("M", names - 1), now());
    }
};

} // namespace

TEST_F(RandomMail, LeavesExactlyOnce)
{
    limits.message_recipient_limit = 3000;
    smtp.capacity = 50;
    smtp.destination_recipient_limit = 10;
    smtp.destination_concurrency_limit = 6;
    smtp.destination_rate_delay = 0s;
    catalog.by_name["local"] = smtp;
    catalog.by_name["local"].destination_recipient_limit = 1;
    catalog.by_name["local"].destination_rate_delay = 5ms;
    for (int step = 0; step < 30'000; ++step) {
        if (roll(3) == 0)
            send_some();
        start_some();
        for (int i = 0; i < 3; ++i)
            end_one();
        disturb();
        look_at_events();
    }
    for (int step = 0; step < 100'000 && !(open.empty() && under_way.empty()); ++step) {
        start_some();
        end_one();
        clock.advance(10ms);
        look_at_events();
    }
    const auto counts = scheduler().counts();
    EXPECT_TRUE(open.empty());
    EXPECT_EQ(counts.messages, 0u);
    EXPECT_EQ(counts.recipients, 0u);
    EXPECT_EQ(counts.doubtful_recipients, 0u);
    EXPECT_EQ(counts.in_flight, 0u);
}
