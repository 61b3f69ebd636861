// SPDX-License-Identifier: Apache-2.0
#include "lib/base/file.h"

#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <unistd.h>

#include "lib/base/strings.h"

using namespace base;

namespace {
struct TemporaryDirectory {
    std::string path = std::filesystem::temp_directory_path() / cat("file_test.", ::getpid());
    TemporaryDirectory() { std::filesystem::create_directory(path); }
    ~TemporaryDirectory() { std::filesystem::remove_all(path); }
};
} // namespace

TEST(File, ReplaceThenReadGivesTheContent)
{
    TemporaryDirectory directory;
    std::string path = directory.path + "/f";
    ASSERT_TRUE(replace_file(path, "one", 0600));
    ASSERT_TRUE(replace_file(path, "two", 0640));
    EXPECT_EQ(*read_file(path, 100), "two");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path), {}), 1);
}

TEST(File, ReadRefusesWhatIsMissingTooLargeOrNoFile)
{
    TemporaryDirectory directory;
    std::string path = directory.path + "/f";
    EXPECT_FALSE(read_file(path, 10).error().temporary());
    ASSERT_TRUE(replace_file(path, "0123456789", 0600));
    EXPECT_TRUE(read_file(path, 10));
    EXPECT_FALSE(read_file(path, 9));
    EXPECT_FALSE(read_file(directory.path, 10));
}

TEST(File, LockIsExclusive)
{
    TemporaryDirectory directory;
    std::string path = directory.path + "/f";
    Fd first{::open(path.c_str(), O_RDWR | O_CREAT, 0600)};
    Fd second{::open(path.c_str(), O_RDWR)};
    EXPECT_TRUE(*try_lock(first.number()));
    EXPECT_FALSE(*try_lock(second.number()));
    first.reset();
    EXPECT_TRUE(*try_lock(second.number()));
}

TEST(File, TakesPathsApart)
{
    EXPECT_EQ(directory_of("/a/b"), "/a");
    EXPECT_EQ(directory_of("/a"), "/");
    EXPECT_EQ(directory_of("a"), ".");
    EXPECT_EQ(base_name("/a/b"), "b");
    EXPECT_EQ(base_name("b"), "b");
}
