// SPDX-License-Identifier: Apache-2.0
// A queue manager over a queue directory of its own on the real disk, with agents, routes and
// bounce service that do what a test tells them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "lib/event/watch.h"
#include "lib/ipc/server.h"
#include "lib/net/socket.h"
#include "lib/queue/system_disk.h"
#include "qmgr/manager.h"
#include "tests/unit/queue/queue_fixture.h"

namespace qmgr {

using namespace std::chrono_literals;
using base::Task;
using queue::Queue;

// Routes by domain: "smtp" and the domain, but for some special ones.
class FakeRouter final : public Router {
public:
    explicit FakeRouter(events::Loop& loop) : loop_(loop) {}

    Task<base::Result<Route>> route(std::string, std::string recipient) override
    {
        if (slow)
            co_await events::sleep(loop_, 20ms);
        std::string domain = recipient.substr(recipient.find('@') + 1);
        if (domain == "unknown.test")
            co_return base::permanent("unknown user");
        if (domain == "later.test")
            co_return base::temporary("table lookup problem");
        co_return Route{domain == "missing.test" ? "missing" : "smtp", domain, recipient};
    }
    bool slow = false;

private:
    events::Loop& loop_;
};

inline mail::Outcome outcome(mail::Status status, std::string dsn, std::string text)
{
    mail::Outcome made;
    made.status = status;
    made.dsn = std::move(dsn);
    made.text = std::move(text);
    return made;
}

// Delivers by domain: what the test says of the domain, else "sent".
class FakeAgents final : public DeliveryPort {
public:
    explicit FakeAgents(events::Loop& loop) : changed(loop), loop_(loop) {}

    Task<Attempt> deliver(std::string transport, std::string destination,
                          const ipc::delivery::Deliver& request) override
    {
        ++requests;
        asked_only = request.trace;
        ++by_destination[destination];
        for (const auto& recipient : request.recipients)
            ++tried[recipient.address];
        for (const auto& recipient : request.recipients)
            senders[recipient.address] = request.envelope.sender;
        while (stopped.count(destination) != 0)
            co_await changed.wait();
        co_await events::yield(loop_);
        Attempt attempt;
        if (no_agent.count(transport) != 0) {
            attempt.reason = "connect to private/" + transport + ": Connection refused";
            co_return attempt;
        }
        attempt.kind =
            failing.count(destination) != 0 ? Attempt::Kind::AgentFailed : Attempt::Kind::Answered;
        auto& delivered = attempt.delivered;
        delivered.health = dead.count(destination) != 0 ? ipc::delivery::Health::Unreachable
                                                        : ipc::delivery::Health::Ok;
        delivered.reason = "connect to " + destination + ": Connection timed out";
        for (const auto& recipient : request.recipients) {
            auto special = outcomes.find(destination);
            delivered.outcomes.push_back(special != outcomes.end()
                                             ? special->second
                                             : outcome(mail::Status::Sent, "2.0.0", "250 ok"));
            if (onward)
                delivered.onward.push_back(
                    static_cast<std::uint32_t>(delivered.outcomes.size() - 1));
            if (delivered.outcomes.back().status == mail::Status::Sent)
                ++sent[recipient.address];
        }
        co_return attempt;
    }

    std::map<std::string, mail::Outcome> outcomes;
    std::set<std::string> dead, failing, stopped, no_agent;
    bool onward = false;     // Each next host tells of success itself.
    bool asked_only = false; // By the last request.
    std::map<std::string, int> tried, sent, by_destination;
    std::map<std::string, std::string> senders; // By recipient.
    int requests = 0;
    events::Notice changed;

private:
    events::Loop& loop_;
};

// Listens on private/bounce.
class FakeBounce {
public:
    explicit FakeBounce(events::Loop& loop, const std::string& path) : loop_(loop), path_(path) {}

    void start()
    {
        listener_ = std::move(net::listen_unix(path_, 100, 0700)).value();
        scope_.spawn(run());
    }
    void stop()
    {
        scope_.cancel();
        listener_.reset();
        ::unlink(path_.c_str());
    }

    struct Handler {
        FakeBounce& bounce;
        Task<base::Result<ipc::bounce::Notified>> on(ipc::bounce::Notify notify)
        {
            while (bounce.slow || bounce.notices == bounce.slow_after)
                co_await events::sleep(bounce.loop_, 5ms);
            for (const auto& report : notify.reports)
                ++bounce.told[report.recipient.address];
            ++bounce.notices;
            bounce.kinds.push_back(notify.kind);
            bounce.last = std::move(notify.reports);
            bounce.senders.push_back(notify.envelope.sender);
            bounce.addressees.push_back(notify.to);
            co_return ipc::bounce::Notified{"BOUNCE1"};
        }
    };

    std::map<std::string, int> told;
    std::vector<std::string> senders;
    std::vector<std::string> addressees; // Where they are not the senders.
    std::vector<ipc::bounce::Kind> kinds;
    std::vector<ipc::bounce::Report> last;
    int notices = 0;
    bool slow = false;
    int slow_after = -1; // So many notices.

private:
    Task<void> run();
    Task<void> serve(base::Fd fd);

    events::Loop& loop_;
    std::string path_;
    base::Fd listener_;
    base::Scope scope_;
};

class TestCatalog final : public TransportCatalog {
public:
    TransportSettings settings(std::string_view) override { return given; }
    TransportSettings given;
};

class LogLines final : public base::LogSink {
public:
    LogLines() : before_(base::set_log_sink(this)) {}
    ~LogLines() override { base::set_log_sink(before_); }
    void write(base::LogLevel, std::string_view line) override { lines.emplace_back(line); }
    int count(std::string_view part) const
    {
        return static_cast<int>(std::count_if(lines.begin(), lines.end(), [&](const auto& line) {
            return line.find(part) != std::string::npos;
        }));
    }
    std::vector<std::string> lines;

private:
    base::LogSink* before_;
};

class ManagerTest : public ::testing::Test {
protected:
    ManagerTest();
    ~ManagerTest() override;

    // A queue manager that begins with what is in the directories. The one before is gone at once,
    // as if it had been killed.
    void start();
    void kill();

    // A message of `age`; nobody tells the queue manager.
    mail::QueueId put(std::vector<std::string> to, Queue queue = Queue::Incoming,
                      base::Duration age = 0s, std::string sender = "sender@example.test");
    // The same, and tells.
    mail::QueueId send(std::vector<std::string> to, base::Duration age = 0s,
                       std::string sender = "sender@example.test");

    bool until(const std::function<bool()>& done, base::Duration longest = 10s);
    void run_for(base::Duration time);
    std::size_t files(Queue queue);
    bool in(Queue queue, const std::string& id) { return directories_->find(id) == queue; }
    bool gone(const std::string& id) { return !directories_->find(id).has_value(); }
    base::WallTime file_time(Queue queue, const std::string& id);
    void make_due(const std::string& id);

    queue::TemporaryDirectory folder_;
    std::unique_ptr<queue::SystemDisk> disk_;
    std::unique_ptr<queue::Directories> directories_;
    events::Loop loop_;
    LogLines log_;
    LogLines error_log_;
    FakeRouter router_{loop_};
    FakeAgents agents_{loop_};
    TestCatalog catalog_;
    QueueLimits limits_;
    RetryTimes times_;
    base::Duration queue_run_delay_ = 300s;
    std::size_t active_limit_ = 20'000;
    Notices notices_;
    std::uint8_t notify_ = 0; // NOTIFY of messages to come.
    std::vector<queue::Attribute> attributes_;
    bool keeps_badmail_ = false;
    std::unique_ptr<FakeBounce> bounce_;
    std::unique_ptr<Scheduler> scheduler_;
    std::unique_ptr<RetryPolicy> retry_;
    std::unique_ptr<base::Scope> scope_;
    std::unique_ptr<Manager> manager_;
    int working_ = 0;
    std::string before_;
};

} // namespace qmgr
