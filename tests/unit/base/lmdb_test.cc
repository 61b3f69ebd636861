// SPDX-License-Identifier: Apache-2.0
#include "lib/base/lmdb.h"

#include <gtest/gtest.h>
#include <vector>

#include "tests/unit/temporary_directory.h"

namespace base::lmdb {
namespace {

constexpr std::size_t map_size = 1 << 20;

class Lmdb : public ::testing::Test {
protected:
    Lmdb() { EXPECT_EQ(file_.open(folder_.file("t"), map_size, 0, 0600), 0); }

    void keep(const std::vector<std::string>& texts)
    {
        Transaction transaction;
        ASSERT_EQ(transaction.begin(file_, 0), 0);
        for (const std::string& text : texts)
            ASSERT_EQ(transaction.put(text, text), 0);
        ASSERT_EQ(transaction.commit(), 0);
    }
    std::vector<std::string> keys(std::string_view from)
    {
        std::vector<std::string> found;
        Transaction transaction;
        EXPECT_EQ(transaction.begin(file_, MDB_RDONLY), 0);
        Walk walk;
        int code = walk.begin(transaction, from);
        for (; code == 0; code = walk.next()) {
            EXPECT_EQ(walk.key(), walk.value());
            found.emplace_back(walk.key());
        }
        EXPECT_EQ(code, MDB_NOTFOUND);
        return found;
    }

    tests::TemporaryDirectory folder_;
    File file_;
};

TEST_F(Lmdb, KeepsWhatWasCommittedOnly)
{
    keep({"b", "a", "c"});
    {
        Transaction given_up;
        ASSERT_EQ(given_up.begin(file_, 0), 0);
        ASSERT_EQ(given_up.put("d", "d"), 0);
    }
    EXPECT_EQ(keys("a"), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(keys("aa"), (std::vector<std::string>{"b", "c"}));
    EXPECT_EQ(keys("d"), std::vector<std::string>{});
}

TEST_F(Lmdb, FindsRemovesAndCounts)
{
    keep({"a", "b"});
    Transaction transaction;
    ASSERT_EQ(transaction.begin(file_, 0), 0);
    std::string_view value;
    EXPECT_EQ(transaction.get("a", value), 0);
    EXPECT_EQ(value, "a");
    EXPECT_EQ(transaction.get("c", value), MDB_NOTFOUND);
    EXPECT_EQ(transaction.remove("a"), 0);
    EXPECT_EQ(transaction.remove("a"), 0);
    std::uint64_t count = 0;
    EXPECT_EQ(transaction.count(count), 0);
    EXPECT_EQ(count, 1U);
}

TEST_F(Lmdb, OpensAgainWhatWasClosed)
{
    keep({"a"});
    file_.close();
    ASSERT_EQ(file_.open(folder_.file("t"), map_size, 0, 0600), 0);
    EXPECT_EQ(keys("a"), std::vector<std::string>{"a"});
}

TEST_F(Lmdb, IsClosedAfterAnError)
{
    File other;
    EXPECT_NE(other.open(folder_.file("none/t"), map_size, 0, 0600), 0);
    EXPECT_EQ(other.open(folder_.file("other"), map_size, 0, 0600), 0);
}

} // namespace
} // namespace base::lmdb
