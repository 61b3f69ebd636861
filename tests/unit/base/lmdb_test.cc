// SPDX-License-Identifier: Apache-2.0
#include "lib/base/lmdb.h"

#include <gtest/gtest.h>
#include <vector>

#include "tests/unit/temporary_directory.h"

namespace base::lmdb {
namespace {

class Lmdb : public ::testing::Test {
protected:
    Lmdb()
    {
        EXPECT_EQ(mdb_env_create(&environment_), 0);
        EXPECT_EQ(
            mdb_env_open(environment_, folder_.file("t").c_str(), MDB_NOSUBDIR | MDB_NOLOCK, 0600),
            0);
        Transaction transaction;
        EXPECT_EQ(transaction.begin(environment_, 0), 0);
        EXPECT_EQ(mdb_dbi_open(transaction.handle(), nullptr, 0, &table_), 0);
        EXPECT_EQ(transaction.commit(), 0);
    }
    ~Lmdb() override { mdb_env_close(environment_); }

    int put(const Transaction& transaction, std::string_view text)
    {
        MDB_val key = as_value(text), value = as_value(text);
        return mdb_put(transaction.handle(), table_, &key, &value, 0);
    }
    std::vector<std::string> keys(std::string_view from)
    {
        std::vector<std::string> found;
        Transaction transaction;
        EXPECT_EQ(transaction.begin(environment_, MDB_RDONLY), 0);
        Walk walk;
        int code = walk.begin(transaction, table_, from);
        for (; code == 0; code = walk.next()) {
            EXPECT_EQ(walk.key(), walk.value());
            found.emplace_back(walk.key());
        }
        EXPECT_EQ(code, MDB_NOTFOUND);
        return found;
    }

    tests::TemporaryDirectory folder_;
    MDB_env* environment_ = nullptr;
    MDB_dbi table_ = 0;
};

TEST_F(Lmdb, KeepsWhatWasCommittedOnly)
{
    {
        Transaction transaction;
        ASSERT_EQ(transaction.begin(environment_, 0), 0);
        for (const char* key : {"b", "a", "c"})
            ASSERT_EQ(put(transaction, key), 0);
        ASSERT_EQ(transaction.commit(), 0);
    }
    {
        Transaction given_up;
        ASSERT_EQ(given_up.begin(environment_, 0), 0);
        ASSERT_EQ(put(given_up, "d"), 0);
    }
    EXPECT_EQ(keys("a"), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(keys("aa"), (std::vector<std::string>{"b", "c"}));
    EXPECT_EQ(keys("d"), std::vector<std::string>{});
}

} // namespace
} // namespace base::lmdb
