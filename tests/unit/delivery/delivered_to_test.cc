// SPDX-License-Identifier: Apache-2.0
// Delivered-To fields of a message, and queue files that hold less than they say.
#include "lib/delivery/delivered_to.h"

#include "lib/delivery/message_file.h"
#include "tests/unit/delivery/fixture.h"

namespace delivery::test {
namespace {

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
