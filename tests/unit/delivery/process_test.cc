// SPDX-License-Identifier: Apache-2.0
// The program smtp as a process of its own, started the way master does it, asked the way the queue
// manager asks. POSTHOUSE_SMTP_BENCH="HOST:PORT MESSAGES" makes it a measurement of the processor
// time of a message.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/ipc/client.h"
#include "lib/ipc/control.h"
#include "tests/unit/delivery/fixture.h"

namespace delivery::test {
namespace {

using ipc::delivery::Delivered;

class SmtpProcess : public SmtpAgentTest {
protected:
    void SetUp() override
    {
        const char* build = std::getenv("BUILDDIR");
        program_ = std::filesystem::absolute(base::cat(build ? build : ".", "/smtp/smtp"));
        if (!std::filesystem::exists(program_))
            GTEST_SKIP() << program_ << " is not built";
        folder_ = base::cat("/tmp/posthouse-smtp-", ::getpid());
        std::filesystem::create_directories(folder_);
        std::ofstream(folder_ + "/main.cf")
            << "queue_directory = " << folder_
            << "\nmyhostname = me.example\nmaillog_file = " << folder_
            << "/log\ninet_protocols = ipv4\n";
        auto pair = base::socket_pair(SOCK_SEQPACKET);
        control_ = std::move(pair->first);
        auto listener = net::listen_unix(folder_ + "/smtp", 5, 0600);
        ASSERT_TRUE(listener);
        child_ = ::fork();
        if (child_ == 0)
            become(pair->second.release(), listener->release());
        client_.emplace(loop, folder_ + "/smtp");
    }

    void TearDown() override
    {
        client_.reset();
        control_.reset();
        if (child_ > 0)
            ::waitpid(child_, nullptr, 0);
        std::filesystem::remove_all(folder_);
    }

    void become(int control, int listener)
    {
        ::dup2(control, 20);
        ::dup2(listener, 21);
        ::dup2(20, ipc::control::worker_fd);
        ::dup2(21, ipc::control::first_listener_fd);
        ::setenv("MAIL_CONFIG", folder_.c_str(), 1);
        ::execl(program_.c_str(), "smtp", "-n", "smtp", "-t", "unix", "-s", "1", "-u", nullptr);
        ::_exit(1);
    }

    Task<void> ask(ipc::delivery::Deliver what, Delivered& into, int& done)
    {
        auto answer = co_await client_->call(std::move(what), base::Deadline::never());
        if (answer)
            into = std::move(*answer);
        ++done;
    }

    std::string program_, folder_;
    base::Fd control_;
    pid_t child_ = -1;
    std::optional<ipc::Client<ipc::delivery::Protocol>> client_;
};

TEST_F(SmtpProcess, DeliversWhatTheQueueManagerAsksFor)
{
    ScriptServer server(loop, "127.0.0.1");
    base::Scope scope;
    std::vector<Delivered> answers(20);
    int done = 0;
    for (Delivered& answer : answers)
        scope.spawn(ask(request(at(server)), answer, done));
    turn([&] { return done == 20; });
    for (const Delivered& answer : answers) {
        ASSERT_EQ(answer.outcomes.size(), 1u);
        EXPECT_EQ(answer.outcomes[0].status, mail::Status::Sent) << answer.outcomes[0].text;
    }
    EXPECT_EQ(server.messages.size(), 20u);
}

Task<void> many(ipc::Client<ipc::delivery::Protocol>& client, ipc::delivery::Deliver pattern,
                int count, int& done)
{
    for (int i = 0; i < count; ++i) {
        ipc::delivery::Deliver one{ipc::Descriptor{std::move(*pattern.message.fd.duplicate())},
                                   pattern.queue_id,
                                   pattern.envelope,
                                   pattern.content,
                                   pattern.next_hop,
                                   pattern.recipients,
                                   base::SystemClock{}.wall(),
                                   {},
                                   false};
        auto answer = co_await client.call(std::move(one), base::Deadline::never());
        EXPECT_TRUE(answer);
        EXPECT_EQ(answer->outcomes[0].status, mail::Status::Sent) << answer->outcomes[0].text;
    }
    ++done;
}

TEST_F(SmtpProcess, CostsLittleProcessorTimePerMessage)
{
    const char* wanted = std::getenv("POSTHOUSE_SMTP_BENCH");
    if (wanted == nullptr)
        GTEST_SKIP() << "POSTHOUSE_SMTP_BENCH is not set";
    const auto words = base::split(wanted, " ");
    const int count = std::atoi(std::string(words.at(1)).c_str());
    std::string content = "Subject: x\r\n\r\n";
    while (content.size() < 4096)
        content += "01234567890123456789012345678901234567890123456789\r\n";
    const int streams = 10;
    int done = 0;
    base::Scope scope;
    for (int i = 0; i < streams; ++i)
        scope.spawn(
            many(*client_, request(std::string(words.at(0)), 1, content), count / streams, done));
    while (done < streams)
        loop.turn(std::chrono::milliseconds(100));
    client_->disconnect();
    control_.reset();
    rusage used{};
    ::wait4(child_, nullptr, 0, &used);
    child_ = -1;
    const auto each = [&](const timeval& t) {
        return (t.tv_sec * 1e6 + static_cast<double>(t.tv_usec)) / count;
    };
    std::printf("per message: %.1f us user, %.1f us system\n", each(used.ru_utime),
                each(used.ru_stime));
}

} // namespace
} // namespace delivery::test
