// SPDX-License-Identifier: Apache-2.0
#include "lib/smtp/command_line.h"

#include <gtest/gtest.h>

using smtp::PathArgument;
using smtp::split_path;

namespace {
struct Row {
    const char* input;
    const char* path; // Null: label or address missing.
    std::size_t options;
};
} // namespace

TEST(CommandLine, FindsPathAndOptions)
{
    static constexpr Row table[] = {{"FROM:<a@b>", "<a@b>", 0},
                                    {"from: <a@b> X Y=1", "<a@b>", 2},
                                    {"FROM:<\"a b\"@c> X", "<\"a b\"@c>", 1},
                                    {"FROM:<a b> X", "<a b>", 1},
                                    {"FROM:a@b X", "a@b", 1},
                                    {"FROM:<\"a>b\"@c>", "<\"a>b\"@c>", 0},
                                    {"FROM:<a\\>b@c> X", "<a\\>b@c>", 1},
                                    {"FROM:<a@b> \"", "<a@b>", 1},
                                    {"FROM:", nullptr, 0},
                                    {"FROM :<a@b>", nullptr, 0},
                                    {"", nullptr, 0},
                                    {"TO:<a@b>", nullptr, 0}};
    for (const Row& row : table) {
        PathArgument got = split_path(row.input, "FROM:");
        EXPECT_EQ(got.found, row.path != nullptr) << row.input;
        EXPECT_EQ(got.path, row.path == nullptr ? "" : row.path) << row.input;
        EXPECT_EQ(got.options.size(), row.options) << row.input;
    }
}

TEST(CommandLine, SeesWhatIsLeftOpen)
{
    for (const char* input : {"FROM:<a@b", "FROM:\"a", "FROM:<\"a>", "FROM:<a@b\\>"})
        EXPECT_FALSE(split_path(input, "FROM:").balanced) << input;
}
