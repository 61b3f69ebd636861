// SPDX-License-Identifier: Apache-2.0
#include "local/delivered_to.h"

#include <cstdio>
#include <gtest/gtest.h>
#include <unistd.h>

#include "lib/base/fd.h"

namespace local {
namespace {

base::Result<DeliveredTo> read(const std::string& before, const std::string& content,
                               std::uint64_t more = 0)
{
    std::FILE* file = std::tmpfile();
    std::fwrite(before.data(), 1, before.size(), file);
    std::fwrite(content.data(), 1, content.size(), file);
    std::fflush(file);
    auto found = DeliveredTo::read(::fileno(file), before.size(), content.size() + more);
    std::fclose(file);
    return found;
}

TEST(DeliveredTo, FindsRecipientsInTheHeader)
{
    struct Case {
        const char* content;
        bool want;
    };
    const Case cases[] = {
        {"Delivered-To: fred@x.test\r\n\r\n", true},
        {"A: b\r\nDELIVERED-to:\r\n\tFRED@X.test \r\nC: d\r\n\r\nbody\r\n", true},
        {"Delivered-To: fred@x.test", true},
        {"Delivered-To: xfred@x.test\r\n\r\n", false},
        {"X-Delivered-To: fred@x.test\r\n\r\n", false},
        {"A: b\r\n\r\nDelivered-To: fred@x.test\r\n", false},
        {"", false},
    };
    for (const auto& c : cases) {
        auto found = read("envelope", c.content);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->has("Fred@x.test"), c.want) << c.content;
    }
    EXPECT_TRUE(read("", "Delivered-To: \"a b\"@x.test\r\n\r\n")->has("a b@x.test"));
}

TEST(DeliveredTo, KnowsThatAFileIsCut)
{
    EXPECT_FALSE(read("", "A: b\r\n", 10));
}

TEST(DeliveredTo, LooksAtSoManyOnly)
{
    std::string content;
    for (int i = 0; i < 2000; ++i)
        content += "Delivered-To: u" + std::to_string(i) + "@x.test\r\n";
    auto found = read("", content + "\r\n");
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->has("u999@x.test"));
    EXPECT_FALSE(found->has("u1000@x.test"));
}

} // namespace
} // namespace local
