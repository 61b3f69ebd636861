// SPDX-License-Identifier: Apache-2.0
#include "lib/base/fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

using base::Fd;

namespace {
bool is_open(int fd)
{
    return ::fcntl(fd, F_GETFD) >= 0;
}
} // namespace

TEST(Fd, ClosesWhenItsOwnerGoes)
{
    int number;
    {
        Fd fd{::open("/dev/null", O_RDONLY)};
        number = fd.number();
        EXPECT_TRUE(is_open(number));
    }
    EXPECT_FALSE(is_open(number));
}

TEST(Fd, MoveLeavesOneOwner)
{
    Fd first{::open("/dev/null", O_RDONLY)};
    int number = first.number();
    Fd second = std::move(first);
    EXPECT_FALSE(first);
    EXPECT_EQ(second.number(), number);
    EXPECT_TRUE(is_open(number));
}

TEST(Fd, DuplicateOutlivesTheOriginalAndIsCloseOnExec)
{
    Fd first{::open("/dev/null", O_RDONLY)};
    auto second = first.duplicate();
    ASSERT_TRUE(second);
    first.reset();
    EXPECT_TRUE(is_open(second->number()));
    EXPECT_EQ(::fcntl(second->number(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST(Fd, PairsAreConnectedAndDoNotBlock)
{
    auto sockets = base::socket_pair(SOCK_STREAM);
    auto pipes = base::pipe_pair();
    ASSERT_TRUE(sockets);
    ASSERT_TRUE(pipes);
    char byte = 0;
    EXPECT_LT(::read(pipes->first.number(), &byte, 1), 0);
    EXPECT_EQ(::write(pipes->second.number(), "x", 1), 1);
    EXPECT_EQ(::read(pipes->first.number(), &byte, 1), 1);
    EXPECT_EQ(::write(sockets->first.number(), "y", 1), 1);
    EXPECT_EQ(::read(sockets->second.number(), &byte, 1), 1);
    EXPECT_EQ(byte, 'y');
}
