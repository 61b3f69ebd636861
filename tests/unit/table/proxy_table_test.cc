// SPDX-License-Identifier: Apache-2.0
// Tables that proxymap asks, and the connections to it, against a server in this process.
#include "lib/table/proxy_table.h"

#include <functional>
#include <gtest/gtest.h>

#include "lib/event/loop.h"
#include "lib/event/watch.h"
#include "lib/ipc/server.h"
#include "lib/net/socket.h"
#include "lib/table/proxy_pool.h"
#include "tests/unit/table/support.h"

using namespace std::chrono_literals;

namespace table {
namespace {

class FakeServer {
public:
    explicit FakeServer(events::Loop& loop) : stalled(loop) {}

    base::Task<base::Result<ipc::proxymap::Value>> on(ipc::proxymap::Lookup request)
    {
        while (request.table == "mysql:/stalls" && stalls) {
            ++waiting;
            co_await stalled.wait();
            --waiting;
        }
        if (request.table == "unix:group.byname")
            co_return base::permanent("not listed");
        ipc::proxymap::Value value;
        value.found = request.key != "nobody-here";
        value.value = value.found ? request.key + " in " + request.table : "";
        co_return value;
    }

    events::Notice stalled;
    bool stalls = true;
    int waiting = 0;
};

// proxymap as it is: each connection answers one call at a time.
class ProxyTableTest : public ::testing::Test {
protected:
    ProxyTableTest()
        : path_(directory_.file("proxymap")),
          listener_(std::move(*net::listen_unix(path_, 50, 0600))),
          watch_(loop_, listener_.number())
    {
        scope_.spawn(accept());
    }

    base::Task<void> accept()
    {
        while (true) {
            auto taken = net::accept_one(listener_.number());
            if (taken && taken->has_value())
                clients_.spawn(serve(std::move((*taken)->fd)));
            else
                co_await watch_.readable(base::Deadline::never());
        }
    }
    base::Task<void> serve(base::Fd fd)
    {
        ipc::Channel channel(loop_, std::move(fd));
        co_await ipc::serve<ipc::proxymap::Protocol>(channel, server_);
    }
    base::Task<void> look(Table& table, std::string key)
    {
        auto found = co_await table.lookup(std::move(key));
        answers_.push_back(!found ? found.error().text : *found ? **found : "none");
    }
    void ask(Table& table, std::string key) { asking_.spawn(look(table, std::move(key))); }
    bool turn_until(const std::function<bool()>& done)
    {
        const auto end = loop_.now() + 5s;
        while (!done() && loop_.now() < end)
            loop_.turn(10ms);
        return done();
    }

    tests::TemporaryDirectory directory_;
    events::Loop loop_;
    std::string path_;
    base::Fd listener_;
    events::Watch watch_;
    FakeServer server_{loop_};
    std::vector<std::string> answers_;
    base::Scope clients_;
    base::Scope scope_;
    base::Scope asking_;
};

TEST_F(ProxyTableTest, AsksTheService)
{
    ProxyPool pool(loop_, path_);
    auto users = make_proxy_table("proxy:unix:passwd.byname", "unix:passwd.byname", pool);
    auto other = make_proxy_table("unix:group.byname", "unix:group.byname", pool);
    EXPECT_TRUE(users->waits());
    EXPECT_FALSE(users->now("root"));
    ask(*users, "ROOT");
    ask(*users, "nobody-here");
    ask(*other, "x");
    ASSERT_TRUE(turn_until([&] { return answers_.size() == 3; }));
    EXPECT_EQ(answers_, (std::vector<std::string>{"root in unix:passwd.byname", "none",
                                                  "table unix:group.byname: not listed"}));
    EXPECT_EQ(pool.connections(), 1U);
}

TEST_F(ProxyTableTest, QuickAnswersShareOneConnection)
{
    ProxyPool pool(loop_, path_, {.patience = 5s});
    auto users = make_proxy_table("proxy:x:y", "x:y", pool);
    for (int i = 0; i < 200; ++i)
        ask(*users, "key");
    ASSERT_TRUE(turn_until([&] { return answers_.size() == 200; }));
    EXPECT_EQ(pool.connections(), 1U);
}

TEST_F(ProxyTableTest, ATableThatHangsLeavesConnectionsToOthers)
{
    ProxyPool pool(loop_, path_, {.connections = 6, .per_table = 4, .patience = 5ms});
    auto stalled = make_proxy_table("mysql:/stalls", "mysql:/stalls", pool);
    auto other = make_proxy_table("mysql:/other", "mysql:/other", pool);
    for (int i = 0; i < 20; ++i)
        ask(*stalled, "key");
    ASSERT_TRUE(turn_until([&] { return server_.waiting == 4; }));
    for (int i = 0; i < 20; ++i)
        ask(*other, "key");
    ASSERT_TRUE(turn_until([&] { return answers_.size() == 20; }));
    EXPECT_EQ(server_.waiting, 4);
    EXPECT_LE(pool.connections(), 6U);
    server_.stalls = false;
    server_.stalled.notify();
    ASSERT_TRUE(turn_until([&] { return answers_.size() == 40; }));
    EXPECT_EQ(answers_.back(), "key in mysql:/stalls");
}

TEST_F(ProxyTableTest, ALookUpTakesNoLongerThanAllowed)
{
    ProxyPool pool(loop_, path_, {.per_table = 1, .lookup = 250ms});
    auto stalled = make_proxy_table("mysql:/stalls", "mysql:/stalls", pool);
    auto other = make_proxy_table("mysql:/other", "mysql:/other", pool);
    ask(*stalled, "a");
    ask(*stalled, "b");
    ASSERT_TRUE(turn_until([&] { return answers_.size() == 2; }));
    EXPECT_NE(answers_[0].find("table mysql:/stalls: "), std::string::npos);
    EXPECT_NE(answers_[1].find("table mysql:/stalls: "), std::string::npos);
    ask(*other, "c");
    ASSERT_TRUE(turn_until([&] { return answers_.size() == 3; }));
    EXPECT_EQ(answers_[2], "c in mysql:/other");
}

TEST_F(ProxyTableTest, IdleConnectionsAreClosed)
{
    ProxyPool pool(loop_, path_, {.idle = 20ms});
    auto users = make_proxy_table("proxy:x:y", "x:y", pool);
    ask(*users, "key");
    ASSERT_TRUE(turn_until([&] { return answers_.size() == 1; }));
    EXPECT_TRUE(turn_until([&] { return pool.connections() == 0 && clients_.empty(); }));
    ask(*users, "key");
    EXPECT_TRUE(turn_until([&] { return answers_.size() == 2; }));
}

TEST_F(ProxyTableTest, ACallThatIsGivenUpFreesItsPlace)
{
    ProxyPool pool(loop_, path_, {.per_table = 1});
    auto stalled = make_proxy_table("mysql:/stalls", "mysql:/stalls", pool);
    ask(*stalled, "a");
    ask(*stalled, "b");
    ASSERT_TRUE(turn_until([&] { return server_.waiting == 1; }));
    asking_.cancel();
    server_.stalls = false;
    server_.stalled.notify();
    ask(*stalled, "c");
    ASSERT_TRUE(turn_until([&] { return answers_.size() == 1; }));
    EXPECT_EQ(answers_[0], "c in mysql:/stalls");
}

} // namespace
} // namespace table
