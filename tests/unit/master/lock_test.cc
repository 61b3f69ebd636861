// SPDX-License-Identifier: Apache-2.0
// Lock files.
#include "master/lock.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/temporary_directory.h"

namespace {

class Locks : public testing::Test {
protected:
    tests::TemporaryDirectory folder;
    std::string directory = folder.path();
    std::string path = folder.file("master.pid");
};

TEST_F(Locks, OneAtATimeAndAStaleFileBlocksNobody)
{
    std::ofstream(path) << "     12345\nrest of something longer\n";
    {
        auto first = master::PidLock::take(path);
        ASSERT_TRUE(first && first->has_value());
        ASSERT_TRUE((*first)->write_pid(77));
        std::string line;
        std::getline(std::ifstream(path), line);
        EXPECT_EQ(line, "        77");
        EXPECT_EQ(std::filesystem::file_size(path), 11u);
        auto second = master::PidLock::take(path);
        ASSERT_TRUE(second);
        EXPECT_FALSE(second->has_value());
    }
    EXPECT_TRUE(master::PidLock::take(path)->has_value());
}

TEST_F(Locks, LinksAreNotFollowed)
{
    std::ofstream(directory + "/victim") << "precious";
    ASSERT_EQ(::symlink("victim", path.c_str()), 0);
    EXPECT_FALSE(master::PidLock::take(path));
    std::filesystem::remove(path);
    ASSERT_EQ(::link((directory + "/victim").c_str(), path.c_str()), 0);
    EXPECT_FALSE(master::PidLock::take(path));
    EXPECT_EQ(std::filesystem::file_size(directory + "/victim"), 8u);
}

} // namespace
