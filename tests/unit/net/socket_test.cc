// SPDX-License-Identifier: Apache-2.0
// Making sockets: connecting, listening, accepting, modes of UNIX sockets.
#include "lib/net/socket.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/event/timer.h"
#include "tests/unit/temporary_directory.h"

using namespace std::chrono_literals;
using base::Fd;
using base::Result;
using base::Task;

namespace {

Task<void> connect_to(events::Loop& loop, net::Address to, Result<Fd>& result)
{
    result = co_await net::connect(loop, to, loop.clock().after(2s));
    loop.stop();
}

Task<void> connect_path(events::Loop& loop, std::string path, base::Duration wait,
                        Result<Fd>& result)
{
    result = co_await net::connect_local(loop, path, loop.clock().after(wait));
    loop.stop();
}

unsigned mode_of(const std::string& path)
{
    struct stat about {};
    return ::lstat(path.c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
}

TEST(Socket, ConnectsAndAccepts)
{
    events::Loop loop;
    auto listener = net::listen_inet(*net::Address::parse("127.0.0.1", 0), 5);
    ASSERT_TRUE(listener);
    auto none = net::accept_one(listener->number());
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->has_value());
    Result<Fd> client = base::temporary("");
    base::Scope scope;
    scope.spawn(connect_to(loop, *net::local_address(listener->number()), client));
    if (!scope.empty())
        loop.run();
    ASSERT_TRUE(client);
    auto accepted = net::accept_one(listener->number());
    ASSERT_TRUE(accepted && accepted->has_value());
    EXPECT_EQ((*accepted)->peer, *net::local_address(client->number()));
}

TEST(Socket, ARefusedConnectionTellsTheSystemsReasonAlone)
{
    events::Loop loop;
    net::Address gone;
    {
        auto listener = net::listen_inet(*net::Address::parse("127.0.0.1", 0), 5);
        gone = *net::local_address(listener->number());
    }
    Result<Fd> client = base::temporary("");
    base::Scope scope;
    scope.spawn(connect_to(loop, gone, client));
    if (!scope.empty())
        loop.run();
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().text, "Connection refused");
}

TEST(Socket, ABusyPortIsAnError)
{
    auto first = net::listen_inet(*net::Address::parse("127.0.0.1", 0), 5);
    auto second = net::listen_inet(*net::local_address(first->number()), 5);
    ASSERT_FALSE(second);
    EXPECT_EQ(errno, EADDRINUSE);
}

TEST(UnixSocket, HasItsModeFromTheFirstMoment)
{
    tests::TemporaryDirectory directory;
    mode_t before = ::umask(077);
    auto fd = net::listen_unix(directory.file("s"), 5, 0666);
    auto narrow = net::bind_datagram(directory.file("d"), 0620);
    EXPECT_EQ(::umask(before), 077u) << "the umask is as it was";
    ASSERT_TRUE(fd && narrow);
    EXPECT_EQ(mode_of(directory.file("s")), 0666u);
    EXPECT_EQ(mode_of(directory.file("d")), 0620u);
}

TEST(UnixSocket, ReplacesSocketsAndFifosButNothingElse)
{
    tests::TemporaryDirectory directory;
    ASSERT_TRUE(net::listen_unix(directory.file("s"), 5, 0600));
    EXPECT_TRUE(net::listen_unix(directory.file("s"), 5, 0600));
    ASSERT_EQ(::mkfifo((directory.file("f")).c_str(), 0600), 0);
    EXPECT_TRUE(net::listen_unix(directory.file("f"), 5, 0600));
    std::ofstream(directory.file("file")) << "precious";
    ASSERT_EQ(::symlink("file", (directory.file("link")).c_str()), 0);
    EXPECT_FALSE(net::listen_unix(directory.file("file"), 5, 0600));
    EXPECT_FALSE(net::listen_unix(directory.file("link"), 5, 0600));
    EXPECT_EQ(std::filesystem::file_size(directory.file("file")), 8u);
    EXPECT_FALSE(net::listen_unix(directory.file(std::string(200, 'x')), 5, 0600));
}

TEST(UnixSocket, AFullBacklogIsTriedUntilTheDeadline)
{
    tests::TemporaryDirectory directory;
    events::Loop loop;
    auto listener = net::listen_unix(directory.file("s"), 0, 0600);
    ASSERT_TRUE(listener);
    std::vector<Fd> kept;
    Result<Fd> client = base::temporary("");
    for (int i = 0; i < 10; ++i) {
        base::Scope scope;
        scope.spawn(connect_path(loop, directory.file("s"), 60ms, client));
        if (!scope.empty())
            loop.run();
        if (!client)
            break;
        kept.push_back(std::move(*client));
    }
    ASSERT_FALSE(client);
    EXPECT_TRUE(client.error().temporary());
    EXPECT_NE(client.error().text.find("temporarily unavailable"), std::string::npos);
    base::Scope scope;
    scope.spawn(connect_path(loop, directory.file("s"), 2s, client));
    ASSERT_TRUE(*net::accept_one(listener->number())); // Now there is room.
    if (!scope.empty())
        loop.run();
    EXPECT_TRUE(client);
}

} // namespace
