// SPDX-License-Identifier: Apache-2.0
// A directory of a test's own, which goes with everything in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "lib/base/file.h"

namespace tests {

class TemporaryDirectory {
public:
    TemporaryDirectory()
    {
        std::string name = std::filesystem::temp_directory_path() / "posthouse_test.XXXXXX";
        const char* made = ::mkdtemp(name.data());
        EXPECT_NE(made, nullptr) << name;
        path_ = name;
    }
    ~TemporaryDirectory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::string& path() const { return path_; }
    // PATH/NAME.
    std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
    // The same, with that text in it.
    std::string write(std::string_view name, std::string_view text) const
    {
        std::string path = file(name);
        EXPECT_TRUE(base::replace_file(path, text, 0644)) << path;
        return path;
    }

private:
    std::string path_;
};

} // namespace tests
