// SPDX-License-Identifier: Apache-2.0
// What the tests of tables and routes share: running a task that never waits, files to read.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "lib/base/task.h"
#include "tests/unit/temporary_directory.h"

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

using Directory = tests::TemporaryDirectory;

} // namespace test
