// SPDX-License-Identifier: Apache-2.0
// The buffered stream: partial reads and writes, ends, deadlines, files.
#include "lib/net/stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/file.h"

using namespace std::chrono_literals;
using base::Deadline;
using base::Fd;
using base::Task;
using net::Io;
using net::Stream;

namespace {

class Streams : public testing::Test {
protected:
    Streams() : pair_(*base::socket_pair(SOCK_STREAM)), stream_(loop_, std::move(pair_.first)) {}
    int peer() const { return pair_.second.number(); }
    void settle(base::Scope& scope)
    {
        for (int i = 0; i < 500 && !scope.empty(); ++i)
            loop_.turn(10ms);
    }
    std::string read_peer()
    {
        std::string got(1 << 20, '\0');
        ssize_t size = ::read(peer(), got.data(), got.size());
        got.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return got;
    }

    events::Loop loop_;
    std::pair<Fd, Fd> pair_;
    Stream stream_;
};

Task<void> fill(Stream& stream, Deadline deadline, Io& result)
{
    result = co_await stream.fill(deadline);
}
Task<void> send(Stream& stream, std::string bytes, Deadline deadline, Io& result)
{
    result = co_await stream.send(bytes, deadline);
}
Task<void> send_file(Stream& stream, int fd, std::size_t count, Io& result)
{
    result = co_await stream.send_file(fd, 1, count, Deadline::never());
}

TEST_F(Streams, KeepsWhatWasNotConsumed)
{
    Io result = Io::Lost;
    base::Scope scope;
    ASSERT_EQ(::write(peer(), "one\ntwo", 7), 7);
    scope.spawn(fill(stream_, Deadline::never(), result));
    settle(scope);
    EXPECT_EQ(stream_.buffered(), "one\ntwo");
    stream_.consume(4);
    EXPECT_EQ(stream_.buffered(), "two");
    ASSERT_EQ(::write(peer(), "\n", 1), 1);
    scope.spawn(fill(stream_, Deadline::never(), result));
    settle(scope);
    EXPECT_EQ(stream_.buffered(), "two\n");
    EXPECT_EQ(result, Io::Ok);
}

TEST_F(Streams, TellsEndAndDeadlineApart)
{
    Io result = Io::Ok;
    base::Scope scope;
    scope.spawn(fill(stream_, loop_.clock().after(2ms), result));
    settle(scope);
    EXPECT_EQ(result, Io::TimedOut);
    pair_.second.reset();
    scope.spawn(fill(stream_, Deadline::never(), result));
    settle(scope);
    EXPECT_EQ(result, Io::Lost);
}

TEST_F(Streams, SeesEarlyTalkersWithoutWaiting)
{
    EXPECT_FALSE(stream_.has_input());
    ASSERT_EQ(::write(peer(), "EHLO", 4), 4);
    EXPECT_TRUE(stream_.has_input());
    EXPECT_EQ(stream_.buffered(), "EHLO");
}

TEST_F(Streams, SendsMoreThanTheSocketHoldsInOrder)
{
    std::string big(3 << 20, 'x');
    big.front() = '<';
    big.back() = '>';
    Io result = Io::Lost;
    base::Scope scope;
    stream_.write("head");
    scope.spawn(send(stream_, big, Deadline::never(), result));
    EXPECT_FALSE(scope.empty()) << "all of it fitted: the test is too small";
    std::string got;
    while (got.size() < big.size() + 4) {
        got += read_peer();
        loop_.turn(1ms);
    }
    settle(scope);
    EXPECT_EQ(result, Io::Ok);
    EXPECT_EQ(got, "head" + big);
}

TEST_F(Streams, APeerThatDoesNotReadRunsIntoTheDeadline)
{
    Io result = Io::Ok;
    base::Scope scope;
    scope.spawn(send(stream_, std::string(3 << 20, 'x'), loop_.clock().after(5ms), result));
    settle(scope);
    EXPECT_EQ(result, Io::TimedOut);
}

TEST_F(Streams, SendsFilesAndNoticesShortOnes)
{
    char name[] = "/tmp/stream_test.XXXXXX";
    Fd file{::mkstemp(name)};
    ::unlink(name);
    ASSERT_TRUE(base::write_all(file.number(), "0123456789"));
    Io result = Io::Lost;
    base::Scope scope;
    stream_.write("first:");
    scope.spawn(send_file(stream_, file.number(), 5, result));
    settle(scope);
    EXPECT_EQ(result, Io::Ok);
    EXPECT_EQ(read_peer(), "first:12345");
    scope.spawn(send_file(stream_, file.number(), 50, result));
    settle(scope);
    EXPECT_EQ(result, Io::Lost);
}

Task<void> read_for_ever(Stream& stream, bool& stop)
{
    while (!stop) {
        Io io = co_await stream.fill(Deadline::never());
        if (io != Io::Ok)
            co_return;
        stream.consume(stream.buffered().size());
    }
}
Task<void> feed(events::Loop& loop, int fd, int& rounds, bool& stop)
{
    for (rounds = 0; rounds < 20; ++rounds) {
        std::string bytes(100'000, 'x');
        (void)!::write(fd, bytes.data(), bytes.size());
        co_await events::yield(loop);
    }
    stop = true;
}

TEST_F(Streams, ABusyPeerDoesNotKeepOthersFromTheirTurn)
{
    bool stop = false;
    int rounds = 0;
    base::Scope scope;
    scope.spawn(read_for_ever(stream_, stop));
    scope.spawn(feed(loop_, peer(), rounds, stop));
    for (int i = 0; i < 1000 && !stop; ++i)
        loop_.turn(1ms);
    EXPECT_EQ(rounds, 20);
    scope.cancel();
}

} // namespace
