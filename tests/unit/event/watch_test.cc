// SPDX-License-Identifier: Apache-2.0
// Waiting for descriptors, with deadlines.
#include "lib/event/watch.h"

#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/task.h"

using namespace std::chrono_literals;
using base::Deadline;
using base::Task;

namespace {

Task<void> read_all(events::Watch& watch, Deadline deadline, std::string& got)
{
    while (true) {
        char buffer[4];
        ssize_t size = ::read(watch.fd(), buffer, sizeof buffer);
        if (size > 0) {
            got.append(buffer, static_cast<std::size_t>(size));
            continue;
        }
        if (size == 0)
            co_return;
        bool in_time = co_await watch.readable(deadline);
        if (!in_time) {
            got.push_back('!');
            co_return;
        }
    }
}

struct Pair {
    Pair() : fds(*base::socket_pair(SOCK_STREAM)) {}
    std::pair<base::Fd, base::Fd> fds;
    int here() const { return fds.first.number(); }
    int there() const { return fds.second.number(); }
};

TEST(Watch, ReadsWhatComesInPieces)
{
    events::Loop loop;
    Pair pair;
    events::Watch watch(loop, pair.here());
    std::string got;
    base::Scope scope;
    scope.spawn(read_all(watch, Deadline::never(), got));
    for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(::write(pair.there(), "abcdefg", 7), 7);
        loop.turn(100ms);
    }
    EXPECT_EQ(got, "abcdefgabcdefgabcdefg");
    pair.fds.second.reset();
    loop.turn(100ms);
    EXPECT_TRUE(scope.empty()) << "the end wakes too";
}

TEST(Watch, ADeadlinePassesOnceAndLaterWaitsWork)
{
    events::Loop loop;
    Pair pair;
    events::Watch watch(loop, pair.here());
    std::string got;
    base::Scope scope;
    scope.spawn(read_all(watch, loop.clock().after(2ms), got));
    while (!scope.empty())
        loop.turn(10ms);
    EXPECT_EQ(got, "!");
    scope.spawn(read_all(watch, loop.clock().after(1h), got));
    ASSERT_EQ(::write(pair.there(), "x", 1), 1);
    loop.turn(100ms);
    EXPECT_EQ(got, "!x");
    scope.cancel();
}

TEST(Watch, AnEarlierDeadlineAfterALaterOneIsKept)
{
    events::Loop loop;
    Pair pair;
    events::Watch watch(loop, pair.here());
    std::string got;
    base::Scope scope;
    scope.spawn(read_all(watch, loop.clock().after(1h), got));
    scope.cancel(); // The timer still stands for the long wait.
    auto start = loop.now();
    scope.spawn(read_all(watch, loop.clock().after(5ms), got));
    while (!scope.empty())
        loop.turn(50ms);
    EXPECT_EQ(got, "!");
    EXPECT_LT(loop.now() - start, 1s);
}

Task<void> fill_pipe(events::Watch& watch, int& waits, bool& full)
{
    const std::string bytes(65536, 'x');
    for (int i = 0; i < 40;) {
        ssize_t put = ::write(watch.fd(), bytes.data(), bytes.size());
        i += put > 0 ? 1 : 0;
        if (put < 0) {
            full = true;
            co_await watch.writable(Deadline::never());
            ++waits;
        }
    }
}

TEST(Watch, ReadingAndWritingWaitSideBySide)
{
    events::Loop loop;
    Pair pair;
    events::Watch watch(loop, pair.here());
    int waits = 0;
    bool full = false;
    std::string got;
    base::Scope scope;
    scope.spawn(fill_pipe(watch, waits, full));
    ASSERT_TRUE(full);
    scope.spawn(read_all(watch, Deadline::never(), got));
    ASSERT_EQ(::write(pair.there(), "in", 2), 2);
    loop.turn(100ms);
    EXPECT_EQ(got, "in");
    std::string sink(1 << 20, '\0');
    for (int i = 0; i < 200 && scope.size() > 1; ++i) {
        (void)!::read(pair.there(), sink.data(), sink.size());
        loop.turn(5ms);
    }
    EXPECT_GT(waits, 0);
    EXPECT_EQ(scope.size(), 1u) << "the writer has not ended";
    scope.cancel();
}

} // namespace
