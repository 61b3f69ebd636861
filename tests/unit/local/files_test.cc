// SPDX-License-Identifier: Apache-2.0
#include "local/files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local/targets.h"
#include "tests/unit/temporary_directory.h"

namespace local {
namespace {

using State = TargetFile::State;

class FilesTest : public ::testing::Test {
protected:
    std::string file(const std::string& name, const std::string& text, mode_t mode = 0644)
    {
        const std::string path = folder_ + "/" + name;
        std::ofstream(path) << text;
        ::chmod(path.c_str(), mode);
        return path;
    }
    TargetFile forward(const std::vector<std::string>& paths) const
    {
        return read_forward_file(paths, {::geteuid(), "nobody-at-all"});
    }

    tests::TemporaryDirectory directory_;
    std::string folder_ = directory_.path();
};

TEST_F(FilesTest, TakesTheFirstForwardFileThatExists)
{
    const std::string none = folder_ + "/none";
    const auto found = forward({none, file("a", "fred\n"), file("b", "wilma\n")});
    EXPECT_EQ(found.state, State::Usable) << found.why;
    EXPECT_EQ(found.which, 1U);
    EXPECT_EQ(found.text, "fred\n");
    EXPECT_EQ(forward({none, folder_ + "/a/below"}).state, State::Missing);
    EXPECT_TRUE(all_missing({none, folder_ + "/a/below"}));
    EXPECT_FALSE(all_missing({none, folder_ + "/a"}));
}

TEST_F(FilesTest, RefusesForwardFilesThatAreNotTheUsersOwnWord)
{
    ASSERT_EQ(::symlink(file("real", "fred\n").c_str(), (folder_ + "/link").c_str()), 0);
    ASSERT_EQ(::mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
    struct Case {
        std::string path;
        const char* why;
    };
    const Case cases[] = {
        {file("world", "fred\n", 0646), "is world writable"},
        {file("group", "fred\n", 0664), "is group writable"},
        {folder_ + "/link", "is not a regular file"},
        {folder_ + "/pipe", "is not a regular file"},
        {folder_, "is not a regular file"},
    };
    for (const auto& c : cases) {
        const auto found = forward({c.path});
        EXPECT_EQ(found.state, State::Unsafe) << c.path;
        EXPECT_NE(found.why.find(c.why), std::string::npos) << found.why;
    }
    const std::string path = file("large", "x");
    std::filesystem::resize_file(path, target_text_limit + 1);
    EXPECT_NE(forward({path}).why.find("is too large"), std::string::npos);
    ::chmod(folder_.c_str(), 0777);
    EXPECT_NE(forward({folder_ + "/real"}).why.find("world writable directory"), std::string::npos);
}

TEST_F(FilesTest, RefusesForwardFilesOfOthers)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "needs root, to give a file away";
    const std::string path = file("a", "fred\n");
    ASSERT_EQ(::chown(path.c_str(), 4711, 4711), 0);
    EXPECT_EQ(read_forward_file({path}, {4712, "x"}).why,
              "file " + path + " has bad owner uid 4711");
    EXPECT_EQ(read_forward_file({path}, {4711, "x"}).state, State::Usable);
    EXPECT_EQ(read_include_file(path, true).state, State::Failed);
    EXPECT_EQ(find_include_owner(path).uid, 4711U);
}

TEST_F(FilesTest, ReadsIncludesThroughLinks)
{
    const std::string path = file("list", "fred\n");
    ASSERT_EQ(::symlink(path.c_str(), (folder_ + "/link").c_str()), 0);
    EXPECT_EQ(read_include_file(folder_ + "/link", false).text, "fred\n");
    ::chmod(path.c_str(), 0666);
    EXPECT_EQ(read_include_file(path, false).state, State::Unsafe);
    EXPECT_EQ(find_include_owner(path).state, State::Unsafe);
    EXPECT_EQ(find_include_owner(folder_ + "/none").state, State::Unsafe);
    EXPECT_EQ(read_include_file(folder_, false).state, State::Unsafe);
}

TEST_F(FilesTest, CrossBetweenProcesses)
{
    const TargetFile file{State::Usable, 3, "text\n", "why"};
    const auto read = decode_file(encode_file(file));
    EXPECT_EQ(read.state, file.state);
    EXPECT_EQ(read.which, file.which);
    EXPECT_EQ(read.text, file.text);
    EXPECT_EQ(read.why, file.why);
    EXPECT_EQ(decode_file(std::string("nonsense")).state, State::Failed);
    EXPECT_EQ(decode_file(base::temporary("no child")).why, "no child");
}

} // namespace
} // namespace local
