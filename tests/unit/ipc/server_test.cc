// SPDX-License-Identifier: Apache-2.0
// The answering end with peers that do not behave (PRV-03).
#include "lib/ipc/server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "lib/base/log_sinks.h"
#include "tests/unit/ipc/test_protocol.h"

using namespace std::chrono_literals;
using base::Fd;
using base::Task;
using ipc::Channel;
using ipc::Encoder;
using namespace test_protocol;

base::Task<base::Result<Echoed>> test_protocol::Handler::on(Give give)
{
    struct stat about {};
    if (::fstat(give.file.fd.number(), &about) != 0)
        co_return base::permanent("no file");
    co_return Echoed{std::to_string(about.st_ino)};
}

namespace {

class Serving : public testing::Test {
protected:
    Serving()
        : pair_(*base::socket_pair(SOCK_STREAM)), peer_(loop_, std::move(pair_.second)),
          server_(loop_, std::move(pair_.first)), handler_(loop_)
    {
        before_ = base::set_log_sink(&log_);
    }
    ~Serving() override { base::set_log_sink(before_); }

    void serve(ipc::ServeOptions options = {})
    {
        scope_.spawn(ipc::serve<Protocol>(server_, handler_, options));
    }
    void greet() { peer_.post(0, ipc::encode_hello(Protocol::name, Protocol::version)); }
    void settle(int turns = 20)
    {
        for (int i = 0; i < turns; ++i)
            loop_.turn(1ms);
    }
    bool dropped() const { return scope_.empty(); }
    std::string told() const { return log_.lines.empty() ? "" : log_.lines.front(); }

    events::Loop loop_;
    std::pair<Fd, Fd> pair_;
    Channel peer_;
    Channel server_;
    Handler handler_;
    base::Scope scope_;
    base::MemoryLogSink log_;
    base::LogSink* before_ = nullptr;
};

TEST_F(Serving, DropsWhoDoesNotSayHello)
{
    serve();
    peer_.post(1, ipc::encode_message(Echo{"x", 0}));
    settle();
    EXPECT_TRUE(dropped());
    EXPECT_NE(told().find("does not speak our protocol"), std::string::npos) << told();
}

TEST_F(Serving, DropsAnotherProtocolOrVersion)
{
    serve();
    peer_.post(0, ipc::encode_hello("test", 4));
    settle();
    EXPECT_TRUE(dropped());
    EXPECT_NE(told().find("speaks test version 4, not test version 3"), std::string::npos);
}

TEST_F(Serving, DropsUnknownForbiddenAndMalformedMessages)
{
    const struct {
        const char* name;
        Encoder message;
        const char* reason;
    } rows[] = {
        {"unknown", ipc::encode_hello("x", 1), "unknown message: hello"},
        {"forbidden", ipc::encode_message(Note{"x"}), "message not permitted now: note"},
        {"with rest",
         [] {
             auto message = ipc::encode_message(Echo{"x", 0});
             message.bytes += "y";
             return message;
         }(),
         "malformed message echo"},
    };
    handler_.forbidden = "note";
    for (const auto& row : rows) {
        auto pair = *base::socket_pair(SOCK_STREAM);
        Channel peer(loop_, std::move(pair.second));
        Channel server(loop_, std::move(pair.first));
        base::Scope scope;
        scope.spawn(ipc::serve<Protocol>(server, handler_));
        peer.post(0, ipc::encode_hello(Protocol::name, Protocol::version));
        peer.post(1, row.message);
        settle(5);
        EXPECT_TRUE(scope.empty()) << row.name;
        ASSERT_FALSE(log_.lines.empty());
        EXPECT_NE(log_.lines.back().find(row.reason), std::string::npos) << log_.lines.back();
    }
}

TEST_F(Serving, AnErrorOfAOneWayMessageEndsTheConnection)
{
    serve();
    greet();
    peer_.post(0, ipc::encode_message(Note{"fine"}));
    peer_.post(0, ipc::encode_message(Note{"fail"}));
    settle();
    EXPECT_TRUE(dropped());
    EXPECT_EQ(handler_.notes.size(), 2u);
}

TEST_F(Serving, EndsQuietlyWhenThePeerGoes)
{
    serve();
    greet();
    peer_.finish();
    settle();
    EXPECT_TRUE(dropped());
    EXPECT_EQ(told(), "");
}

TEST_F(Serving, ASilentPeerIsLetGoAfterTheIdleLimit)
{
    serve({.concurrent = 1, .idle_limit = 5ms});
    greet();
    settle(30);
    EXPECT_TRUE(dropped());
}

} // namespace
