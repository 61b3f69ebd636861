// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/queue_id.h"

#include <gtest/gtest.h>
#include <random>

namespace mail {

namespace {

base::WallTime at(long long seconds, long long microseconds)
{
    return base::from_unix_microseconds(seconds * 1'000'000 + microseconds);
}

} // namespace

TEST(QueueId, HasTheShortFormOfPostfix)
{
    struct Case {
        const char* name;
        base::WallTime arrival;
        std::uint64_t inode;
        const char* want;
    };
    const Case cases[] = {
        {"microseconds are padded", at(1, 1), 0xABC, "00001ABC"},
        {"largest microsecond", at(1, 999'999), 0x1F, "F423F1F"},
        {"seconds do not show", at(1'795'302'000, 0x1E240), 0x12345678, "1E24012345678"},
        {"inode of 64 bits", at(1, 0), 0xFFFFFFFFFFFFFFFF, "00000FFFFFFFFFFFFFFFF"},
    };
    for (const Case& test : cases)
        EXPECT_EQ(make_short_queue_id(test.arrival, test.inode), test.want) << test.name;
}

TEST(QueueId, HasTheLongFormOfPostfix)
{
    struct Case {
        const char* name;
        base::WallTime arrival;
        std::uint64_t inode;
        const char* want;
    };
    // Worked out by hand: digit 10 is B, 31 is b, 51 is z.
    const Case cases[] = {
        {"zero", at(0, 0), 0, "0000000000z0"},
        {"inode digits stop before z", at(0, 0), 50, "0000000000zy"},
        {"inode base is 51", at(0, 0), 51, "0000000000z10"},
        {"time base is 52", at(52, 51), 10, "000010000zzB"},
        {"microseconds", at(51, 52 * 52 * 52), 31, "00000z1000zb"},
        // Made by the functions of Postfix 3.7.
        {"ordinary", at(1'795'302'000, 123'456), 77'777'777, "4jX72S0sf8zCTK1R"},
        {"last microsecond", at(1'795'302'000, 999'999), 50, "4jX72S75plzy"},
    };
    for (const Case& test : cases)
        EXPECT_EQ(make_long_queue_id(test.arrival, test.inode), test.want) << test.name;
}

TEST(QueueId, TellsTheInodeAgain)
{
    std::mt19937_64 random{1};
    for (int i = 0; i < 1000; ++i) {
        const auto arrival = at(1'795'302'000 + i, static_cast<long long>(random() % 1'000'000));
        const std::uint64_t inode = random() >> random() % 64;
        EXPECT_EQ(inode_of(make_short_queue_id(arrival, inode)), inode);
        EXPECT_EQ(inode_of(make_long_queue_id(arrival, inode)), inode);
        EXPECT_TRUE(is_long_queue_id(make_long_queue_id(arrival, inode)));
        EXPECT_FALSE(is_long_queue_id(make_short_queue_id(arrival, inode)));
        EXPECT_EQ(microseconds_hex(make_long_queue_id(arrival, inode)),
                  make_short_queue_id(arrival, inode).substr(0, 5));
    }
}

TEST(QueueId, IsAlwaysASafeFileName)
{
    for (const char* good : {"ABCDEF", "1E24012345678", "4D4Zhq0GXRz2Kt0", "abcdef"})
        EXPECT_TRUE(is_queue_id(good)) << good;
    for (const char* bad :
         {"", "A", "ABCDE", "../../etc", "ABC/DEF", "ABC.DEF", "ABC DEF", "ABC-DEF", "ABCDEF\n",
          "ALL_OF_IT", "123456789012345678901234567890123"})
        EXPECT_FALSE(is_queue_id(bad)) << bad;
}

TEST(QueueId, HasNoInodeWhenItIsNotWellFormed)
{
    for (const char* bad : {"", "ABCDEG", "abcdef1", "0000000000z", "0000000000zA!", "000000000z1",
                            "0000000000zzzzzzzzzzzzzzzzz"})
        EXPECT_EQ(inode_of(bad), std::nullopt) << bad;
    EXPECT_EQ(inode_of("00000FFFFFFFFFFFFFFFFF"), std::nullopt) << "overflow";
}

} // namespace mail
