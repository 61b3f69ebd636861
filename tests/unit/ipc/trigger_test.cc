// SPDX-License-Identifier: Apache-2.0
// Waking a service that may not be there.
#include "lib/ipc/trigger.h"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/net/socket.h"

namespace {

struct Trigger : testing::Test {
    std::string directory = testing::TempDir() + "trigger" + std::to_string(::getpid());
    std::string path = directory + "/service";
    Trigger() { std::filesystem::create_directory(directory); }
    ~Trigger() override { std::filesystem::remove_all(directory); }
};

} // namespace

TEST_F(Trigger, ReachesASocket)
{
    auto listener = net::listen_unix(path, 1, 0600);
    ASSERT_TRUE(listener);
    ASSERT_TRUE(ipc::trigger(path, "W"));
    base::Fd accepted{::accept(listener->number(), nullptr, nullptr)};
    char got = 0;
    EXPECT_EQ(::read(accepted.number(), &got, 1), 1);
    EXPECT_EQ(got, 'W');
}

TEST_F(Trigger, DoesNotWaitForAServiceWithMuchToDo)
{
    auto listener = net::listen_unix(path, 1, 0600);
    ASSERT_TRUE(listener);
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(ipc::trigger(path, "W"));
}

TEST_F(Trigger, ReachesAFifo)
{
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    base::Fd reader{::open(path.c_str(), O_RDONLY | O_NONBLOCK)};
    ASSERT_TRUE(ipc::trigger(path, "W"));
    char got = 0;
    EXPECT_EQ(::read(reader.number(), &got, 1), 1);
}

TEST_F(Trigger, SaysWhyNot)
{
    auto missing = ipc::trigger(path, "W");
    ASSERT_FALSE(missing);
    EXPECT_FALSE(missing.error().temporary());
    EXPECT_EQ(missing.error().text, "unable to look up " + path + ": No such file or directory");

    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_FALSE(ipc::trigger(path, "W")) << "nobody reads the FIFO";
    std::filesystem::remove(path);

    std::ofstream(path) << "x";
    EXPECT_EQ(ipc::trigger(path, "W").error().text, path + " is not a socket or a fifo");
    std::filesystem::remove(path);

    {
        auto listener = net::listen_unix(path, 1, 0600);
    }
    EXPECT_EQ(ipc::trigger(path, "W").error().text, "connect to " + path + ": Connection refused");
}
