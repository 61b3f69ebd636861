// SPDX-License-Identifier: Apache-2.0
// proxy: tables, against a server in this process.
#include "lib/table/proxy_table.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "lib/event/loop.h"
#include "lib/ipc/server.h"

namespace table {
namespace {

class FakeServer {
public:
    base::Task<base::Result<ipc::proxymap::Value>> on(ipc::proxymap::Lookup request)
    {
        if (request.table != "unix:passwd.byname")
            co_return base::permanent("not listed");
        ipc::proxymap::Value value;
        value.found = request.key == "root";
        value.value = value.found ? "root:x" : "";
        co_return value;
    }
};

base::Task<void> look(Table& table, std::string key, std::vector<std::string>& answers,
                      events::Loop& loop)
{
    auto found = co_await table.lookup(std::move(key));
    answers.push_back(!found ? "error" : *found ? **found : "none");
    if (answers.size() == 3)
        loop.stop();
}

TEST(ProxyTable, AsksTheService)
{
    events::Loop loop;
    auto ends = base::socket_pair(SOCK_STREAM);
    ASSERT_TRUE(ends);
    ProxyClient client(loop, std::move(ends->first));
    FakeServer server;
    ipc::Channel channel(loop, std::move(ends->second));
    auto users = make_proxy_table("proxy:unix:passwd.byname", client);
    auto other = make_proxy_table("proxy:static:x", client);
    EXPECT_TRUE(users->waits());
    EXPECT_FALSE(users->now("root"));
    std::vector<std::string> answers;
    base::Scope scope;
    scope.spawn(ipc::serve<ipc::proxymap::Protocol>(channel, server));
    scope.spawn(look(*users, "ROOT", answers, loop));
    scope.spawn(look(*users, "nobody-here", answers, loop));
    scope.spawn(look(*other, "x", answers, loop));
    loop.run();
    EXPECT_EQ(answers, (std::vector<std::string>{"root:x", "none", "error"}));
}

} // namespace
} // namespace table
