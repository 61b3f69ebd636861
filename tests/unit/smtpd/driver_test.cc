// SPDX-License-Identifier: Apache-2.0
// Bytes between a socket and a session: pipelined groups, time limits, lost clients.
#include "smtpd/driver.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "smtpd/stdio.h"
#include "tests/dialogue/fakes.h"

namespace smtpd {
namespace {

using namespace std::chrono_literals;

class Bench {
public:
    Bench()
    {
        settings.hostname = "mx.example";
        auto pair = base::socket_pair(SOCK_STREAM);
        server_ = std::move(pair->first);
        client = std::move(pair->second);
    }

    // Runs one session until it has ended, and returns all that the client got.
    std::string run(DriverSettings driver = {})
    {
        base::Scope scope;
        scope.spawn(serve(std::move(server_), driver));
        loop.run();
        std::string out;
        char buffer[4096];
        ssize_t got = 0;
        while ((got = ::recv(client.number(), buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
            out.append(buffer, static_cast<std::size_t>(got));
        return out;
    }
    void send(std::string_view bytes)
    {
        ASSERT_EQ(::write(client.number(), bytes.data(), bytes.size()),
                  static_cast<ssize_t>(bytes.size()));
    }
    base::Task<void> serve(base::Fd socket, DriverSettings driver)
    {
        net::Stream stream(loop, std::move(socket));
        smtp::ServerSession session(settings, {policy, sink, flusher}, {}, {});
        co_await drive(session, stream, driver);
        loop.stop();
    }

    events::Loop loop;
    smtp::ServerSettings settings;
    fake::Policy policy;
    fake::Sink sink;
    fake::Flusher flusher;
    base::Fd client;

private:
    base::Fd server_;
};

TEST(Driver, AnswersAPipelinedGroup)
{
    Bench bench;
    bench.settings.forbid_unauth_pipelining = false;
    bench.send("EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"
               "DATA\r\nSubject: x\r\n\r\nhi\r\n.\r\nQUIT\r\n");
    std::string out = bench.run();
    EXPECT_NE(out.find("\r\n354 "), std::string::npos) << out;
    EXPECT_NE(out.find("\r\n250 2.0.0 Ok: queued as "), std::string::npos) << out;
    EXPECT_TRUE(out.ends_with("221 2.0.0 Bye\r\n")) << out;
}

TEST(Driver, EndsWithASilentClient)
{
    Bench bench;
    std::string out = bench.run({.timeout = 30ms});
    EXPECT_TRUE(out.ends_with("421 4.4.2 mx.example Error: timeout exceeded\r\n")) << out;
}

TEST(Driver, EndsWithALostClient)
{
    Bench bench;
    ::shutdown(bench.client.number(), SHUT_WR);
    EXPECT_TRUE(bench.run().starts_with("220 "));
}

base::Task<void> drip(events::Loop& loop, int fd)
{
    while (true) {
        co_await events::sleep(loop, 10ms);
        [[maybe_unused]] ssize_t put = ::send(fd, "x", 1, MSG_NOSIGNAL);
    }
}

TEST(Driver, GivesNoTimeForSingleBytesWithRequestDeadlines)
{
    Bench bench;
    base::Scope dripping;
    dripping.spawn(drip(bench.loop, bench.client.number()));
    auto begin = bench.loop.clock().mono();
    std::string out = bench.run({.timeout = 100ms, .per_request_deadline = true});
    EXPECT_TRUE(out.ends_with("Error: timeout exceeded\r\n")) << out;
    EXPECT_LT(bench.loop.clock().mono() - begin, 2s);
}

base::Task<void> then_stop(events::Loop& loop, base::Task<void> task)
{
    co_await std::move(task);
    loop.stop();
}

TEST(Stdio, CarriesADialogueOverPipes)
{
    Bench bench;
    auto in = base::pipe_pair();
    auto out = base::pipe_pair();
    constexpr std::string_view said = "QUIT\r\n";
    ASSERT_EQ(::write(in->second.number(), said.data(), said.size()), 6);
    bench.settings.forbid_unauth_pipelining = false;
    base::Scope scope;
    auto serve = [&](base::Fd socket) { return bench.serve(std::move(socket), {}); };
    scope.spawn(then_stop(
        bench.loop, serve_stdio(bench.loop, std::move(in->first), std::move(out->second), serve)));
    bench.loop.run();
    bench.loop.run(); // The session's end stops the loop, too.
    char buffer[200] = {};
    ssize_t got = ::read(out->first.number(), buffer, sizeof buffer - 1);
    EXPECT_EQ(std::string(buffer, got > 0 ? static_cast<std::size_t>(got) : 0),
              "220 mx.example ESMTP Posthouse\r\n221 2.0.0 Bye\r\n");
}

} // namespace
} // namespace smtpd
