// SPDX-License-Identifier: Apache-2.0
// Owners of what LMDB hands out, for those who use its functions. The numbers returned are LMDB's:
// 0 is success.
#pragma once

#include <lmdb.h>
#include <string_view>
#include <utility>

namespace base::lmdb {

// The bytes stay the caller's.
inline MDB_val as_value(std::string_view bytes)
{
    return {bytes.size(), const_cast<char*>(bytes.data())};
}

// Valid as long as the value is.
inline std::string_view as_view(const MDB_val& value)
{
    return {static_cast<const char*>(value.mv_data), value.mv_size};
}

// A transaction that is given up unless committed.
class Transaction {
public:
    Transaction() = default;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    int begin(MDB_env* environment, unsigned flags);
    int commit() { return mdb_txn_commit(std::exchange(handle_, nullptr)); }
    MDB_txn* handle() const { return handle_; }

private:
    MDB_txn* handle_ = nullptr;
};

// Reads keys in order from a place on, in a transaction that outlives it.
class Walk {
public:
    Walk() = default;
    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;
    ~Walk();

    // The first key that is not before `from`; MDB_NOTFOUND when there is none.
    int begin(const Transaction& transaction, MDB_dbi table, std::string_view from);
    int next() { return mdb_cursor_get(cursor_, &key_, &value_, MDB_NEXT); }
    std::string_view key() const { return as_view(key_); }
    std::string_view value() const { return as_view(value_); }

private:
    MDB_cursor* cursor_ = nullptr;
    MDB_val key_{};
    MDB_val value_{};
};

} // namespace base::lmdb
