// SPDX-License-Identifier: Apache-2.0
// What a message costs this process, from the socket to the disk: a child process sends messages of
// 4 KiB over several connections. Prints the figure; machines differ, so that only a gross one
// fails. POSTHOUSE_SPEED_MESSAGES asks for more messages.
#include <cstdlib>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "lib/base/parse.h"
#include "lib/ipc/client.h"
#include "lib/ipc/server.h"
#include "tests/unit/cleanup/cleanup_fixture.h"

namespace cleanup {
namespace {

constexpr std::size_t connections = 8;
constexpr std::size_t message_size = 4096;
constexpr int failed = 1;
// Sanitizers and emulation included.
constexpr double gross_microseconds = 5000;

using CleanupClient = ipc::Client<ipc::cleanup::Protocol>;

std::string sample_message()
{
    std::string message = "From: Sender <sender@example.com>\r\nTo: <user@example.org>\r\n"
                          "Subject: a message of the usual size\r\nMessage-Id: <1@example.com>\r\n"
                          "Date: Sat, 21 Nov 2026 23:00:00 +0000\r\nMIME-Version: 1.0\r\n"
                          "Content-Type: text/plain; charset=utf-8\r\n\r\n";
    while (message.size() < message_size)
        message += "Some text that fills a line of the usual length, seventy or so.\r\n";
    return message;
}

base::Task<void> send_messages(CleanupClient& client, int count, int& good)
{
    const std::string message = sample_message();
    ipc::cleanup::Open open;
    open.envelope.sender = "sender@example.com";
    open.envelope.client.protocol = "ESMTP";
    const ipc::cleanup::Recipient recipient{{"user@example.org", "user@example.org", {}, 0}};
    const auto deadline = base::Deadline::never();
    for (int i = 0; i < count; ++i) {
        open.envelope.arrival = client.loop().clock().wall();
        auto opened = co_await client.call(open, deadline);
        if (!opened)
            co_return;
        client.post(recipient, true);
        client.post(ipc::cleanup::Content{message}, true);
        ipc::cleanup::Finish finish;
        auto finished = co_await client.call(finish, deadline);
        good += finished && finished->verdict == Verdict::Ok;
    }
}

// The child's whole life.
[[noreturn]] void generate_load(std::vector<base::Fd> sockets, int messages)
{
    int good = 0;
    {
        events::Loop loop;
        std::vector<std::unique_ptr<CleanupClient>> clients;
        base::Scope scope;
        const int each = messages / static_cast<int>(connections);
        for (auto& socket : sockets) {
            clients.push_back(std::make_unique<CleanupClient>(loop, std::move(socket)));
            scope.spawn(send_messages(*clients.back(), each, good));
        }
        while (!scope.empty())
            loop.turn(std::chrono::milliseconds(100));
    }
    ::_exit(good == messages ? 0 : failed);
}

double cpu_microseconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto of = [](const timeval& t) { return static_cast<double>(t.tv_sec) * 1e6 + t.tv_usec; };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

class SpeedTest : public CleanupTest {
protected:
    // Not the disk that counts calls.
    queue::Directories real_queue_{*system_, queue::Directories::Options{}};

    base::Task<void> serve(base::Fd fd)
    {
        ipc::Channel channel(loop_, std::move(fd));
        Session session{*site_->shared};
        co_await ipc::serve<ipc::cleanup::Protocol>(channel, session);
    }
};

TEST_F(SpeedTest, TakesInSmallMessages)
{
    const char* asked = std::getenv("POSTHOUSE_SPEED_MESSAGES");
    const int messages = asked ? base::parse_int<int>(asked).value_or(400) : 400;
    std::vector<base::Fd> near;
    std::vector<base::Fd> far;
    for (std::size_t i = 0; i < connections; ++i) {
        int ends[2];
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
        near.emplace_back(ends[0]);
        far.emplace_back(ends[1]);
    }
    const pid_t child = ::fork();
    if (child == 0) {
        near.clear();
        generate_load(std::move(far), messages);
    }
    far.clear();
    site_ = std::make_unique<Site>("", loop_, real_queue_, *system_, news_);
    const double before = cpu_microseconds();
    {
        base::Scope scope;
        for (auto& socket : near)
            scope.spawn(serve(std::move(socket)));
        while (!scope.empty())
            loop_.turn(std::chrono::milliseconds(100));
    }
    const double each = (cpu_microseconds() - before) / messages;
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    std::printf("%d messages of 4 KiB: %.0f microseconds of processor time each\n", messages, each);
    EXPECT_LT(each, gross_microseconds);
}

} // namespace
} // namespace cleanup
