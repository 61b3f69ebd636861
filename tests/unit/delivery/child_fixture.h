// SPDX-License-Identifier: Apache-2.0
// Tests of work as a user: the loop, a folder that the user owns, and who the user is. As root it
// is "nobody"; else it is who runs the tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <iterator>
#include <unistd.h>

#include "lib/delivery/child.h"
#include "lib/event/loop.h"
#include "tests/unit/delivery/fixture.h"
#include "tests/unit/temporary_directory.h"

namespace delivery::test {

inline constexpr uid_t nobody_id = 65534;

class ChildTest : public ::testing::Test {
protected:
    ChildTest() { EXPECT_EQ(::chown(folder.c_str(), rights().uid, rights().gid), 0); }

    static bool root() { return ::geteuid() == 0; }
    static Rights rights()
    {
        return root() ? Rights{nobody_id, nobody_id, {}} : Rights{::geteuid(), ::getegid(), {}};
    }

    template <typename T> static Task<void> store(Task<T> task, std::optional<T>& into)
    {
        into.emplace(co_await std::move(task));
    }

    // Runs the loop until the task is done.
    template <typename T> T wait(Task<T> task)
    {
        std::optional<T> result;
        base::Scope scope;
        scope.spawn(store(std::move(task), result));
        turn_until(result);
        return std::move(*result);
    }
    template <typename T> void turn_until(const std::optional<T>& result)
    {
        const auto deadline = loop.clock().after(std::chrono::seconds(20));
        while (!result && !deadline.passed(loop.now()))
            loop.turn(std::chrono::milliseconds(20));
        ASSERT_TRUE(result.has_value());
    }

    base::Result<std::string> run(const std::function<std::string()>& work,
                                  base::Duration limit = std::chrono::seconds(10),
                                  std::vector<int> keep = {})
    {
        return wait(run_as(loop, ChildSetup{rights(), limit, std::move(keep), {}}, work));
    }

    std::string path(const std::string& name) const { return folder + "/" + name; }

    // A file that belongs to the user.
    std::string put(const std::string& name, const std::string& text)
    {
        std::ofstream(path(name)) << text;
        EXPECT_EQ(::chown(path(name).c_str(), rights().uid, rights().gid), 0);
        EXPECT_EQ(::chmod(path(name).c_str(), 0600), 0);
        return path(name);
    }

    static std::string contents(const std::string& file)
    {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    LogLines log;
    events::Loop loop;
    tests::TemporaryDirectory directory;
    std::string folder = directory.path();
};

} // namespace delivery::test
