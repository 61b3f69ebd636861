// SPDX-License-Identifier: Apache-2.0
// The calling end against a real server on a socket: many calls, deadlines, lost connections,
// servers that retire.
#include "lib/ipc/client.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/event/watch.h"
#include "lib/net/socket.h"
#include "tests/unit/ipc/test_protocol.h"
#include "tests/unit/temporary_directory.h"

using namespace std::chrono_literals;
using base::Deadline;
using base::Fd;
using base::Task;
using namespace test_protocol;

namespace {

// A server of the test protocol; two of them stand for an old and a new worker.
class Server {
public:
    Server(events::Loop& loop, Fd listener, std::string tag)
        : loop_(loop), listener_(std::move(listener)), watch_(loop, listener_.number()),
          handler(loop, std::move(tag))
    {
        scope_.spawn(accept());
    }
    void retire()
    {
        for (auto* channel : channels)
            channel->post(0, ipc::encode_bye());
    }
    void drop_clients() { clients_.cancel(); }
    std::size_t clients() const { return clients_.size(); }

    std::vector<ipc::Channel*> channels;

private:
    Task<void> accept()
    {
        while (true) {
            auto taken = net::accept_one(listener_.number());
            if (taken && taken->has_value())
                clients_.spawn(serve(std::move((*taken)->fd)));
            else
                co_await watch_.readable(Deadline::never());
        }
    }
    Task<void> serve(Fd fd)
    {
        ipc::Channel channel(loop_, std::move(fd));
        channels.push_back(&channel);
        const ipc::ServeOptions options{.concurrent = 100};
        co_await ipc::serve<Protocol>(channel, handler, options);
        std::erase(channels, &channel);
    }

    events::Loop& loop_;
    Fd listener_;
    events::Watch watch_;

public:
    Handler handler;

private:
    base::Scope clients_;
    base::Scope scope_;
};

class Calls : public testing::Test {
protected:
    std::unique_ptr<Server> make_server(std::string tag)
    {
        auto listener = net::listen_unix(path_, 50, 0600);
        return std::make_unique<Server>(loop_, std::move(*listener), std::move(tag));
    }
    void settle(base::Scope& scope, int turns = 500)
    {
        for (int i = 0; i < turns && !scope.empty(); ++i)
            loop_.turn(2ms);
    }
    void turn(int turns)
    {
        for (int i = 0; i < turns; ++i)
            loop_.turn(1ms);
    }

    events::Loop loop_;
    tests::TemporaryDirectory folder_;
    std::string path_ = folder_.file("s");
};
using TestClient = ipc::Client<Protocol>;

template <typename R>
Task<void> ask(TestClient& client, R request, base::Duration wait, std::string& got)
{
    auto answer = co_await client.call(std::move(request), client.loop().clock().after(wait));
    got = answer
              ? answer->text
              : (answer.error().temporary() ? "temporary: " : "permanent: ") + answer.error().text;
}

TEST_F(Calls, ManyAtATimeEachGetTheirOwnAnswer)
{
    auto server = make_server("");
    TestClient client(loop_, path_);
    std::vector<std::string> got(50);
    base::Scope scope;
    for (int i = 0; i < 50; ++i) // The later, the sooner answered.
        scope.spawn(
            ask(client, Echo{std::to_string(i), 50 - i}, 5s, got[static_cast<std::size_t>(i)]));
    settle(scope);
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(got[static_cast<std::size_t>(i)], std::to_string(i));
    EXPECT_EQ(server->clients(), 1u) << "one connection serves all";
}

TEST_F(Calls, ErrorsKeepTheirKind)
{
    auto server = make_server("");
    TestClient client(loop_, path_);
    std::string got;
    base::Scope scope;
    scope.spawn(ask(client, Echo{"fail", 0}, 5s, got));
    settle(scope);
    EXPECT_EQ(got, "permanent: as told");
}

TEST_F(Calls, ALateAnswerDisturbsNobody)
{
    auto server = make_server("");
    TestClient client(loop_, path_);
    std::string late, next;
    base::Scope scope;
    scope.spawn(ask(client, Echo{"late", 30}, 5ms, late));
    settle(scope);
    EXPECT_NE(late.find("no answer in time"), std::string::npos);
    scope.spawn(ask(client, Echo{"next", 60}, 5s, next));
    settle(scope);
    EXPECT_EQ(next, "next");
}

TEST_F(Calls, ConnectsAgainAfterALoss)
{
    auto server = make_server("");
    TestClient client(loop_, path_);
    std::string lost, again;
    base::Scope scope;
    scope.spawn(ask(client, Echo{"x", 1000}, 5s, lost));
    turn(5);
    server->drop_clients();
    settle(scope);
    EXPECT_NE(lost.find("connection lost"), std::string::npos) << lost;
    scope.spawn(ask(client, Echo{"again", 0}, 5s, again));
    settle(scope);
    EXPECT_EQ(again, "again");
}

TEST_F(Calls, NobodyThereIsATemporaryError)
{
    TestClient client(loop_, path_);
    std::string got;
    base::Scope scope;
    scope.spawn(ask(client, Echo{"x", 0}, 5s, got));
    settle(scope);
    EXPECT_EQ(got.rfind("temporary: connect to ", 0), 0u) << got;
}

TEST_F(Calls, ACancelledConnectDoesNotBlockTheNext)
{
    auto listener = net::listen_unix(path_, 0, 0600);
    std::vector<Fd> fillers;
    TestClient client(loop_, path_);
    for (int i = 0; i < 5; ++i) { // Fill the backlog.
        fillers.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
        auto to = net::Address::unix_path(path_);
        (void)!::connect(fillers.back().number(), to.raw(), to.raw_size());
    }
    std::string first, second;
    {
        base::Scope scope;
        scope.spawn(ask(client, Echo{"x", 0}, 5s, first));
        turn(3);
        ASSERT_FALSE(scope.empty()) << "the backlog is not full";
    }
    listener->reset();
    auto server = make_server("");
    base::Scope scope;
    scope.spawn(ask(client, Echo{"y", 0}, 5s, second));
    settle(scope);
    EXPECT_EQ(second, "y");
}

TEST_F(Calls, DescriptorsCross)
{
    auto server = make_server("");
    TestClient client(loop_, path_);
    char name[] = "/tmp/client_test_file.XXXXXX";
    Fd file{::mkstemp(name)};
    ::unlink(name);
    struct stat about {};
    ASSERT_EQ(::fstat(file.number(), &about), 0);
    std::string got;
    base::Scope scope;
    scope.spawn(ask(client, Give{ipc::Descriptor{std::move(file)}}, 5s, got));
    settle(scope);
    EXPECT_EQ(got, std::to_string(about.st_ino));
}

TEST_F(Calls, ARetiringServerAnswersWhatItWasAskedAndNewCallsGoToTheNext)
{
    auto old_server = make_server("old ");
    TestClient client(loop_, path_);
    std::string slow, next;
    base::Scope scope;
    scope.spawn(ask(client, Echo{"slow", 50}, 5s, slow));
    turn(5);
    auto new_server = make_server("new ");
    old_server->retire();
    turn(3);
    EXPECT_FALSE(client.connected());
    scope.spawn(ask(client, Echo{"next", 0}, 5s, next));
    turn(10);
    EXPECT_EQ(next, "new next");
    settle(scope);
    EXPECT_EQ(slow, "old slow");
    turn(5);
    EXPECT_EQ(old_server->clients(), 0u) << "the old connection is kept open";
}

TEST_F(Calls, AnIdleConnectionToARetiringServerIsClosed)
{
    auto server = make_server("");
    TestClient client(loop_, path_);
    std::string got;
    base::Scope scope;
    scope.spawn(ask(client, Echo{"x", 0}, 5s, got));
    settle(scope);
    server->retire();
    turn(5);
    EXPECT_EQ(server->clients(), 0u);
}

TEST_F(Calls, WorkOfSeveralMessagesStaysWithItsServer)
{
    auto old_server = make_server("old");
    TestClient client(loop_, path_);
    std::string begun, middle, ended, next;
    base::Scope scope;
    scope.spawn(ask(client, Begin{}, 5s, begun));
    settle(scope);
    auto new_server = make_server("new");
    old_server->retire();
    turn(5);
    scope.spawn(ask(client, Echo{"", 0}, 5s, middle));
    settle(scope);
    EXPECT_EQ(middle, "old");
    scope.spawn(ask(client, End{}, 5s, ended));
    settle(scope);
    EXPECT_EQ(ended, "old");
    scope.spawn(ask(client, Begin{}, 5s, next));
    settle(scope);
    EXPECT_EQ(next, "new");
    turn(5);
    EXPECT_EQ(old_server->clients(), 0u);
}

} // namespace
