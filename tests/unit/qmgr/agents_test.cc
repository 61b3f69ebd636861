// SPDX-License-Identifier: Apache-2.0
// Agents over real sockets: which worker is chosen, when another one is had, and what a dead one
// means; and the settings of transports.
#include <unistd.h>

#include "lib/event/timer.h"
#include "lib/event/watch.h"
#include "lib/ipc/server.h"
#include "lib/net/socket.h"
#include "qmgr/agents.h"
#include "qmgr/catalog.h"
#include "tests/unit/queue/queue_fixture.h"

namespace qmgr {

using namespace std::chrono_literals;
using base::Task;
using ipc::delivery::Deliver;
using ipc::delivery::Delivered;

// A service whose workers take two deliveries each. Each connection is a worker.
class FakeService {
public:
    FakeService(events::Loop& loop, const std::string& path) : loop_(loop), path_(path) { start(); }

    void start()
    {
        listener_ = std::move(net::listen_unix(path_, 100, 0700)).value();
        accepting_.spawn(run());
    }
    void stop()
    {
        accepting_.cancel();
        listener_.reset();
        ::unlink(path_.c_str());
    }
    void kill_workers() { workers_.cancel(); }

    struct Handler {
        FakeService& service;
        int worker;
        Task<base::Result<ipc::delivery::Capacity>> on(ipc::delivery::Announce)
        {
            co_return ipc::delivery::Capacity{2};
        }
        Task<base::Result<Delivered>> on(Deliver deliver)
        {
            service.took.emplace_back(worker, deliver.next_hop);
            while (service.stopped)
                co_await events::sleep(service.loop_, 2ms);
            Delivered delivered;
            delivered.outcomes.resize(deliver.recipients.size() + (service.wrong ? 1 : 0));
            co_return delivered;
        }
    };
    std::vector<std::pair<int, std::string>> took;
    int workers = 0;
    bool stopped = false, wrong = false, dying = false;

private:
    Task<void> serve(base::Fd fd)
    {
        ipc::Channel channel(loop_, std::move(fd));
        Handler handler{*this, ++workers};
        const ipc::ServeOptions options{.concurrent = 10};
        co_await ipc::serve<ipc::delivery::Protocol>(channel, handler, options);
    }
    Task<void> run()
    {
        events::Watch watch(loop_, listener_.number());
        while (true) {
            auto client = net::accept_one(listener_.number());
            if (client && *client)
                workers_.spawn(serve(std::move((*client)->fd)));
            else
                co_await watch.readable(base::Deadline::never());
        }
    }

    events::Loop& loop_;
    std::string path_;
    base::Fd listener_;
    base::Scope workers_, accepting_;
};

class AgentsTest : public ::testing::Test {
protected:
    AgentsTest() : before_(std::filesystem::current_path())
    {
        std::filesystem::current_path(folder_.path());
        std::filesystem::create_directory("private");
    }
    ~AgentsTest() override { std::filesystem::current_path(before_); }

    Task<void> one(std::string destination)
    {
        Deliver request;
        request.message.fd = base::Fd{::dup(0)};
        request.queue_id = "ABC";
        request.next_hop = destination;
        request.recipients.resize(1);
        results.push_back(co_await agents.deliver("smtp", destination, request));
    }
    void deliver(const std::string& destination) { scope.spawn(one(destination)); }
    bool until(const std::function<bool()>& done)
    {
        auto end = loop.now() + 5s;
        while (!done() && loop.now() < end)
            loop.turn(5ms);
        return done();
    }

    queue::TemporaryDirectory folder_;
    std::filesystem::path before_;
    events::Loop loop;
    Agents agents{loop, {{"smtp", 3}}, 100};
    std::vector<Attempt> results;
    base::Scope scope;
};

TEST_F(AgentsTest, KeepOneDestinationWithOneWorker)
{
    FakeService service(loop, "private/smtp");
    for (unsigned i = 0; i < 6; ++i) {
        deliver("one.test");
        ASSERT_TRUE(until([&] { return results.size() == i + 1; }));
    }
    EXPECT_EQ(service.workers, 1);
}

TEST_F(AgentsTest, GetMoreWorkersWhenAllAreFullUpToTheLimit)
{
    FakeService service(loop, "private/smtp");
    service.stopped = true;
    for (int i = 0; i < 10; ++i)
        deliver("d" + std::to_string(i) + ".test");
    EXPECT_TRUE(until([&] { return service.took.size() == 6; })); // Three workers, two each.
    until([&] { return service.took.size() > 6; });
    EXPECT_EQ(service.workers, 3);
    EXPECT_EQ(service.took.size(), 6u);
    service.stopped = false;
    EXPECT_TRUE(until([&] { return results.size() == 10; }));
    for (const auto& result : results)
        EXPECT_EQ(result.kind, Attempt::Kind::Answered);
}

TEST_F(AgentsTest, GiveTheDeliveriesOfADeadWorkerToAnother)
{
    FakeService service(loop, "private/smtp");
    service.stopped = true;
    deliver("one.test");
    ASSERT_TRUE(until([&] { return service.took.size() == 1; }));
    service.kill_workers();
    service.stopped = false;
    ASSERT_TRUE(until([&] { return results.size() == 1; }));
    EXPECT_EQ(results[0].kind, Attempt::Kind::Answered);
    EXPECT_EQ(service.took.size(), 2u);
}

TEST_F(AgentsTest, GiveUpOnADeliveryThatKillsItsWorkers)
{
    FakeService service(loop, "private/smtp");
    service.stopped = true;
    deliver("one.test");
    for (std::size_t i = 1; i <= 3; ++i) {
        ASSERT_TRUE(until([&] { return service.took.size() == i; }));
        service.kill_workers();
    }
    ASSERT_TRUE(until([&] { return results.size() == 1; }));
    EXPECT_EQ(results[0].kind, Attempt::Kind::AgentFailed);
}

TEST_F(AgentsTest, DoNotRepeatWhatALiveWorkerAnsweredWrongly)
{
    FakeService service(loop, "private/smtp");
    service.wrong = true;
    deliver("one.test");
    ASSERT_TRUE(until([&] { return results.size() == 1; }));
    EXPECT_EQ(results[0].kind, Attempt::Kind::AgentFailed);
    EXPECT_EQ(service.took.size(), 1u);
}

TEST_F(AgentsTest, SayAtOnceThatNobodyIsThereAndFindWhoeverComes)
{
    for (int i = 0; i < 5; ++i)
        deliver("one.test");
    ASSERT_TRUE(until([&] { return results.size() == 5; }));
    for (const auto& result : results)
        EXPECT_EQ(result.kind, Attempt::Kind::NoAgent);
    FakeService service(loop, "private/smtp");
    deliver("one.test");
    ASSERT_TRUE(until([&] { return results.size() == 6; }));
    EXPECT_EQ(results[5].kind, Attempt::Kind::Answered);
}

} // namespace qmgr
