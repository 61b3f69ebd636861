// SPDX-License-Identifier: Apache-2.0
// Frames over a socket: descriptors, backpressure, pieces, nonsense (PRV-03).
#include "lib/ipc/channel.h"

#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace std::chrono_literals;
using base::Deadline;
using base::Fd;
using base::Task;
using ipc::Channel;
using ipc::Encoder;
using ipc::Frame;

namespace {

Encoder body(std::string bytes)
{
    Encoder out;
    out.bytes = std::move(bytes);
    return out;
}

struct Got {
    std::vector<std::string> bodies;
    std::vector<std::uint32_t> calls;
    std::vector<Fd> fds;
    std::string error;
};

Task<void> receive_all(Channel& channel, Got& got, Deadline deadline)
{
    while (true) {
        auto frame = co_await channel.receive(deadline);
        if (!frame) {
            got.error = frame.error().text;
            co_return;
        }
        got.bodies.emplace_back(frame->body);
        got.calls.push_back(frame->call);
        for (auto& fd : frame->fds)
            got.fds.push_back(std::move(fd));
    }
}

Task<void> drain(Channel& channel, std::size_t bytes, Deadline deadline, int& result)
{
    bool drained = co_await channel.drain(bytes, deadline);
    result = drained ? 1 : 0;
}

class Channels : public testing::Test {
protected:
    Channels() : pair_(*base::socket_pair(SOCK_STREAM)), left_(loop_, std::move(pair_.first)) {}
    void make_right() { right_ = std::make_unique<Channel>(loop_, std::move(pair_.second)); }
    void settle(int turns = 300)
    {
        for (int i = 0; i < turns; ++i)
            loop_.turn(1ms);
    }
    void raw(std::string_view bytes)
    {
        (void)!::send(pair_.second.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

    events::Loop loop_;
    std::pair<Fd, Fd> pair_;
    Channel left_;
    std::unique_ptr<Channel> right_;
    base::Scope scope_;
    Got got_;
};

TEST_F(Channels, FramesArriveInOrderAlsoThoseHeldBack)
{
    make_right();
    left_.post(0, body("hello"), true);
    left_.post(7, body(""));
    left_.post(8, body(std::string(200'000, 'x')));
    scope_.spawn(receive_all(*right_, got_, Deadline::never()));
    settle(20);
    ASSERT_EQ(got_.bodies.size(), 3u);
    EXPECT_EQ(got_.bodies[0], "hello");
    EXPECT_EQ(got_.calls, (std::vector<std::uint32_t>{0, 7, 8}));
    EXPECT_EQ(got_.bodies[2].size(), 200'000u);
    scope_.cancel();
}

TEST_F(Channels, DescriptorsStayWithTheirFramesWhenTheSocketIsFull)
{
    make_right();
    char name[] = "/tmp/channel_test.XXXXXX";
    Fd file{::mkstemp(name)};
    ::unlink(name);
    constexpr int frames = 60; // More than the descriptor limit of one connection waits behind.
    for (int i = 0; i < frames; ++i) {
        Encoder out = body(std::string(50'000, static_cast<char>('a' + i % 26)));
        out.descriptor(file.number());
        left_.post(static_cast<std::uint32_t>(i), out);
    }
    file.reset(); // The channel keeps its own.
    scope_.spawn(receive_all(*right_, got_, Deadline::never()));
    settle();
    ASSERT_EQ(got_.bodies.size(), static_cast<std::size_t>(frames));
    EXPECT_EQ(got_.fds.size(), static_cast<std::size_t>(frames));
    for (int i = 0; i < frames; ++i)
        EXPECT_EQ(got_.bodies[static_cast<std::size_t>(i)][0], static_cast<char>('a' + i % 26));
    struct stat first {
    }, last{};
    ASSERT_EQ(::fstat(got_.fds.front().number(), &first), 0);
    ASSERT_EQ(::fstat(got_.fds.back().number(), &last), 0);
    EXPECT_EQ(first.st_ino, last.st_ino);
    scope_.cancel();
}

TEST_F(Channels, DrainWaitsForAPeerThatReads)
{
    make_right();
    for (int i = 0; i < 40; ++i)
        left_.post(0, body(std::string(65536, 'x')));
    int early = -1;
    int late = -1;
    scope_.spawn(drain(left_, 0, loop_.clock().after(5ms), early));
    settle(20);
    EXPECT_EQ(early, 0) << "nobody read, yet it was drained";
    scope_.spawn(drain(left_, 100'000, Deadline::never(), late));
    base::Scope reading;
    reading.spawn(receive_all(*right_, got_, Deadline::never()));
    settle(50);
    EXPECT_EQ(late, 1);
    EXPECT_EQ(got_.bodies.size(), 40u);
}

TEST_F(Channels, DrainEndsWhenThePeerIsGone)
{
    for (int i = 0; i < 40; ++i)
        left_.post(0, body(std::string(65536, 'x')));
    int result = -1;
    scope_.spawn(drain(left_, 0, Deadline::never(), result));
    settle(3);
    EXPECT_EQ(result, -1);
    pair_.second.reset();
    settle(5);
    EXPECT_EQ(result, 0);
    EXPECT_TRUE(left_.broken());
}

TEST_F(Channels, AFrameMayComeByteByByte)
{
    scope_.spawn(receive_all(left_, got_, Deadline::never()));
    const std::string frame("\x03\0\0\0\x09\0\0\0\0abc", 12);
    for (char byte : frame) {
        raw({&byte, 1});
        loop_.turn(1ms);
    }
    settle(2);
    ASSERT_EQ(got_.bodies.size(), 1u);
    EXPECT_EQ(got_.bodies[0], "abc");
    EXPECT_EQ(got_.calls[0], 9u);
    scope_.cancel();
}

TEST_F(Channels, HalfAFrameAndSilenceRunIntoTheDeadline)
{
    raw(std::string_view("\x03\0\0\0\x09\0\0\0\0ab", 11));
    scope_.spawn(receive_all(left_, got_, loop_.clock().after(5ms)));
    settle(20);
    EXPECT_EQ(got_.error, "no answer in time");
}

TEST_F(Channels, HalfAFrameAndTheEndIsAnError)
{
    raw(std::string_view("\x03\0\0\0\x09\0\0\0\0ab", 11));
    pair_.second.reset();
    scope_.spawn(receive_all(left_, got_, Deadline::never()));
    settle(5);
    EXPECT_EQ(got_.error, "connection closed");
    EXPECT_TRUE(got_.bodies.empty());
}

TEST_F(Channels, NonsenseEndsTheConnection)
{
    const struct {
        const char* name;
        std::string bytes;
    } rows[] = {
        {"a frame beyond the limit", std::string("\x01\0\0\x01\0\0\0\0\0", 9)},
        {"17 descriptors", std::string("\0\0\0\0\0\0\0\0\x11", 9)},
        {"a descriptor that did not come", std::string("\0\0\0\0\0\0\0\0\x01", 9)},
        {"SMTP", "EHLO attacker.example\r\nMAIL FROM:<>\r\n"},
    };
    for (const auto& row : rows) {
        auto pair = *base::socket_pair(SOCK_STREAM);
        Channel channel(loop_, std::move(pair.first));
        Got got;
        base::Scope scope;
        scope.spawn(receive_all(channel, got, Deadline::never()));
        ASSERT_GT(::write(pair.second.number(), row.bytes.data(), row.bytes.size()), 0);
        settle(3);
        EXPECT_EQ(got.error, "protocol error") << row.name;
        EXPECT_TRUE(channel.broken()) << row.name;
        scope.cancel();
    }
}

TEST_F(Channels, RandomBytesNeverHurt)
{
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round) {
        auto pair = *base::socket_pair(SOCK_STREAM);
        Channel channel(loop_, std::move(pair.first));
        Got got;
        base::Scope scope;
        scope.spawn(receive_all(channel, got, Deadline::never()));
        std::string bytes(65536, '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(random());
        (void)!::send(pair.second.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        loop_.turn(1ms);
        pair.second.reset();
        settle(3);
        EXPECT_FALSE(got.error.empty());
    }
}

TEST_F(Channels, DescriptorsNobodyAskedForAreBounded)
{
    scope_.spawn(receive_all(left_, got_, Deadline::never()));
    // One frame that never ends, and with each of its bytes a descriptor.
    const std::string head("\xff\xff\0\0\0\0\0\0\0", 9);
    raw(head);
    for (int i = 0; i < 200; ++i) {
        char byte = 'x';
        iovec vector{&byte, 1};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
        msghdr message{};
        message.msg_iov = &vector;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        int fd = STDIN_FILENO;
        std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
        if (::sendmsg(pair_.second.number(), &message, MSG_NOSIGNAL) < 0)
            break;
        loop_.turn(0ms);
    }
    settle(5);
    EXPECT_FALSE(got_.error.empty());
}

TEST_F(Channels, KnowsWhoIsAtTheOtherEnd)
{
    EXPECT_EQ(left_.peer_pid(), ::getpid());
    EXPECT_EQ(left_.peer_uid(), ::getuid());
}

} // namespace
