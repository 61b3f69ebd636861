// SPDX-License-Identifier: Apache-2.0
// What the tests of tables and routes share: running a task that never waits, files to read.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "lib/base/task.h"

namespace test {

// A named function, because a capturing lambda is never a coroutine.
template <typename T> base::Task<void> store(base::Task<T> task, std::optional<T>& result)
{
    result.emplace(co_await std::move(task));
}

// The result of a task that does not wait.
template <typename T> T run(base::Task<T> task)
{
    base::Scope scope;
    std::optional<T> result;
    scope.spawn(store(std::move(task), result));
    if (!result)
        ADD_FAILURE() << "the task waits";
    return std::move(*result);
}

class Directory {
public:
    Directory()
    {
        std::string name = std::filesystem::temp_directory_path() / "posthouse-test-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr)
            ADD_FAILURE() << "no temporary directory";
        path_ = name;
    }
    ~Directory() { std::filesystem::remove_all(path_); }

    std::string path(const std::string& file) const { return path_ + "/" + file; }
    std::string write(const std::string& file, std::string_view text) const
    {
        std::ofstream(path(file), std::ios::binary) << text;
        return path(file);
    }

private:
    std::string path_;
};

} // namespace test
