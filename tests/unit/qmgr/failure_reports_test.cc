// SPDX-License-Identifier: Apache-2.0
// Classes of attempts, and the news of them for the failures service over a real socket.
#include "qmgr/failure_reports.h"

#include <unistd.h>

#include "lib/event/timer.h"
#include "lib/event/watch.h"
#include "lib/failure/labels.h"
#include "lib/ipc/server.h"
#include "lib/net/socket.h"
#include "tests/unit/queue/queue_fixture.h"

namespace qmgr {

using namespace std::chrono_literals;
using base::Task;
using mail::FailureClass;
namespace wire = ipc::failures;

namespace {

mail::Outcome outcome_of(mail::Status status, std::string reply,
                         std::string relay = "mx[192.0.2.1]:25")
{
    mail::Outcome outcome;
    outcome.status = status;
    outcome.dsn = reply.empty() ? "2.0.0" : reply.substr(4, 5);
    outcome.text = "host said: " + reply;
    outcome.reply = std::move(reply);
    outcome.relay = std::move(relay);
    outcome.mta = "mx";
    return outcome;
}

mail::Outcome failed(std::string relay = "mx[192.0.2.1]:25")
{
    mail::Outcome outcome =
        outcome_of(mail::Status::Bounced, "550 5.1.1 user unknown", std::move(relay));
    outcome.failure = {FailureClass::BadAddress, true};
    return outcome;
}

// The service, which remembers what it is told.
class FakeFailures {
public:
    FakeFailures(events::Loop& loop, std::string path) : loop_(loop), path_(std::move(path)) {}

    void start()
    {
        listener_ = std::move(net::listen_unix(path_, 10, 0700)).value();
        scope_.spawn(run());
    }

    Task<base::Result<wire::Noted>> on(wire::Note note)
    {
        events.insert(events.end(), note.events.begin(), note.events.end());
        co_return wire::Noted{note.events.size()};
    }
    Task<base::Result<wire::Verdict>> on(wire::Ask ask)
    {
        ++asked;
        co_return wire::Verdict{ask.address == "bad@b.example", "has failed"};
    }
    Task<base::Result<wire::Entries>> on(wire::List) { co_return wire::Entries{}; }
    Task<base::Result<wire::Known>> on(wire::Recall recall)
    {
        const bool first = recall.after.empty();
        co_return wire::Known{{wire::subject_number(first ? "old@b.example" : "@c.example")},
                              first ? "old@b.example" : ""};
    }
    Task<base::Result<wire::Cleared>> on(wire::Clear) { co_return wire::Cleared{}; }

    std::vector<wire::Event> events;
    int asked = 0;

private:
    Task<void> run()
    {
        events::Watch watch(loop_, listener_.number());
        while (true) {
            auto client = net::accept_one(listener_.number());
            if (client && *client)
                scope_.spawn(serve(std::move((*client)->fd)));
            else
                co_await watch.readable(base::Deadline::never());
        }
    }
    Task<void> serve(base::Fd client)
    {
        ipc::Channel channel(loop_, std::move(client));
        co_await ipc::serve<wire::Protocol>(channel, *this, {});
    }

    events::Loop& loop_;
    std::string path_;
    base::Fd listener_;
    base::Scope scope_;
};

class FailureReportsTest : public ::testing::Test {
protected:
    FailureReportsTest() { scope_.spawn(reports_.run()); }
    ~FailureReportsTest() override { scope_.cancel(); }

    void run_for(base::Duration time)
    {
        const auto end = loop_.now() + time;
        while (loop_.now() < end)
            loop_.turn(20ms);
    }
    template <typename Done> void run_until(Done done)
    {
        const auto end = loop_.now() + 20s;
        while (!done() && loop_.now() < end)
            loop_.turn(20ms);
        EXPECT_TRUE(done());
    }

    queue::TemporaryDirectory folder_;
    events::Loop loop_;
    int working_ = 0;
    FakeFailures service_{loop_, folder_.path() + "/failures"};
    FailureReports reports_{loop_,
                            {.socket = folder_.path() + "/failures",
                             .suppress = true,
                             .begin_work = [this] { ++working_; },
                             .end_work = [this] { --working_; }}};
    base::Scope scope_;
};

Task<void> ask(FailureReports& reports, std::string address, std::string& why)
{
    why = co_await reports.suppressed(std::move(address));
}

} // namespace

TEST_F(FailureReportsTest, TellsFailuresAndOnlySuccessesThatMatter)
{
    service_.start();
    run_until([&] { return reports_.knows("x@c.example"); });
    const auto sent = outcome_of(mail::Status::Sent, "");
    reports_.note("A", "healthy@d.example", sent);
    EXPECT_EQ(reports_.waiting(), 0u);
    reports_.note("B", "Bad@B.example", failed());
    reports_.note("C", "other@b.example", sent); // Its domain is known now.
    reports_.note("D", "old@B.example", sent);   // It was known to the service before.
    EXPECT_EQ(working_, 1);
    run_until([&] { return service_.events.size() == 3 && working_ == 0; });
    EXPECT_EQ(service_.events[0].queue_id, "B");
    EXPECT_TRUE(service_.events[0].returned);
    EXPECT_TRUE(service_.events[0].remote);
    EXPECT_EQ(service_.events[0].failure, (mail::Failure{FailureClass::BadAddress, true}));
    EXPECT_EQ(service_.events[1].failure, mail::Failure{});
    EXPECT_EQ(reports_.waiting(), 0u);
}

TEST_F(FailureReportsTest, KeepsNewsForAServiceThatIsAwayAndNeverMoreThanItsLimit)
{
    for (int i = 0; i < 12'000; ++i)
        reports_.note("A" + std::to_string(i), "bad@b.example", failed());
    EXPECT_EQ(reports_.waiting(), 10'000u);
    run_until([&] { return working_ == 0; }); // Does not hold up the end of the process.
    service_.start();
    run_until([&] { return service_.events.size() >= 10'000; });
    EXPECT_EQ(service_.events.front().queue_id, "A2000");
    EXPECT_EQ(service_.events.back().queue_id, "A11999");
}

TEST_F(FailureReportsTest, KnowsWhatThisHostDecidedItself)
{
    service_.start();
    reports_.note("A", "bad@b.example", failed("store[private/lmtp]"));
    mail::Outcome local = failed("local");
    local.mta.clear();
    reports_.note("B", "bad@b.example", local);
    run_until([&] { return service_.events.size() == 2; });
    EXPECT_FALSE(service_.events[0].remote);
    EXPECT_FALSE(service_.events[1].remote);
}

TEST_F(FailureReportsTest, AsksOnlyAboutAddressesThatHaveFailed)
{
    service_.start();
    std::string why = "?";
    scope_.spawn(ask(reports_, "new@b.example", why)); // Nobody knows yet who has failed.
    run_until([&] { return service_.asked == 1; });
    run_until([&] { return reports_.knows("x@c.example"); });
    why = "?";
    scope_.spawn(ask(reports_, "bad@b.example", why));
    EXPECT_EQ(why, "");
    EXPECT_EQ(service_.asked, 1);
    reports_.note("A", "bad@b.example", failed());
    scope_.spawn(ask(reports_, "bad@b.example", why));
    run_until([&] { return !why.empty(); });
    EXPECT_EQ(why, "has failed");
    EXPECT_EQ(service_.asked, 2);
}

TEST_F(FailureReportsTest, CostsNextToNothingForHealthyMail)
{
    for (int i = 0; i < 1'000; ++i)
        reports_.note("A", "bad" + std::to_string(i) + "@b.example", failed());
    const auto sent = outcome_of(mail::Status::Sent, "");
    constexpr int rounds = 100'000;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i)
        reports_.note("B", "somebody.with.a.name@healthy.example", sent);
    const auto each = (std::chrono::steady_clock::now() - begin) / rounds;
    EXPECT_LT(each, 10us);
    std::cout << each.count() << " ns for a success\n";
}

} // namespace qmgr
