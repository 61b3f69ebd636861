// SPDX-License-Identifier: Apache-2.0
// Delivered-To fields of a message, and queue files that hold less than they say.
#include "lib/delivery/delivered_to.h"

#include "lib/delivery/message_file.h"
#include "tests/unit/delivery/fixture.h"

namespace delivery::test {
namespace {

base::Result<DeliveredTo> read(const std::string& before, const std::string& content)
{
    const base::Fd file = memory_file(before + content);
    return DeliveredTo::read(file.number(), before.size(), content.size());
}

TEST(DeliveredTo, IsReadFromTheHeaderOnly)
{
    const std::string text = "skipped\r\nDelivered-To: a@d.test\r\nX: Delivered-To: x@d.test\r\n"
                             "DELIVERED-TO:\r\n\t\"b c\"@D.Test \r\n\r\n"
                             "Delivered-To: body@d.test\r\n";
    const base::Fd file = memory_file(text);
    const auto found = DeliveredTo::read(file.number(), 9, text.size() - 9);
    ASSERT_TRUE(found);
    for (const char* address : {"a@d.test", "A@D.TEST", "b c@d.test"})
        EXPECT_TRUE(found->has(address)) << address;
    for (const char* address : {"x@d.test", "body@d.test", "a@d", ""})
        EXPECT_FALSE(found->has(address)) << address;
}

TEST(DeliveredTo, IsFoundInHeadersOfAnySizeAndAtTheEnd)
{
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += "X-Filler: y\r\n";
    text += "Delivered-To: late@d.test";
    const base::Fd file = memory_file(text);
    const auto found = DeliveredTo::read(file.number(), 0, text.size());
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->has("late@d.test"));
}

TEST(DeliveredTo, FailsWhenTheFileIsShort)
{
    const base::Fd file = memory_file("X: y\r\n");
    const auto found = DeliveredTo::read(file.number(), 0, 100);
    ASSERT_FALSE(found);
    EXPECT_TRUE(found.error().temporary());
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

TEST(MessageFile, GivesItsPartAndThenNothing)
{
    const base::Fd file = memory_file("xxabcyy");
    MessageFile part(file.number(), 2, 3);
    EXPECT_EQ(*part.next(), "abc");
    EXPECT_EQ(*part.next(), "");
    EXPECT_EQ(*part.next(), "");
}

} // namespace
} // namespace delivery::test
