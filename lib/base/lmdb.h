// SPDX-License-Identifier: Apache-2.0
// LMDB with owners for what it hands out, and texts for its values. The numbers returned are
// LMDB's: 0 is success.
#pragma once

#include <cstdint>
#include <lmdb.h>
#include <string>
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

// A file with one table, which one process has open at a time: there is no lock file.
class File {
public:
    File() = default;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { close(); }

    // Makes the file when there is none. `flags` are MDB_NOSYNC and the like. After an error the
    // file is closed.
    int open(const std::string& path, std::size_t map_size, unsigned flags, mode_t mode);
    void close();
    // Only while there is no transaction.
    int resize(std::size_t map_size) { return mdb_env_set_mapsize(environment_, map_size); }
    int sync() { return mdb_env_sync(environment_, 1); }

private:
    friend class Transaction;
    int open_all(const std::string& path, std::size_t map_size, unsigned flags, mode_t mode);

    MDB_env* environment_ = nullptr;
    MDB_dbi table_ = 0;
};

// A transaction that is given up unless committed. The file outlives it.
class Transaction {
public:
    Transaction() = default;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    int begin(const File& file, unsigned flags);
    int commit() { return mdb_txn_commit(std::exchange(handle_, nullptr)); }

    // MDB_NOTFOUND: there is none. The value is valid until the next change or the end.
    int get(std::string_view key, std::string_view& value) const;
    int put(std::string_view key, std::string_view value);
    // Success also when there is none.
    int remove(std::string_view key);
    int count(std::uint64_t& keys) const;

private:
    friend class File;
    friend class Walk;
    MDB_txn* handle_ = nullptr;
    MDB_dbi table_ = 0;
};

// Reads keys in order from a place on, in a transaction that outlives it.
class Walk {
public:
    Walk() = default;
    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;
    ~Walk();

    // The first key that is not before `from`; MDB_NOTFOUND when there is none.
    int begin(const Transaction& transaction, std::string_view from);
    int next() { return mdb_cursor_get(cursor_, &key_, &value_, MDB_NEXT); }
    std::string_view key() const { return as_view(key_); }
    std::string_view value() const { return as_view(value_); }

private:
    MDB_cursor* cursor_ = nullptr;
    MDB_val key_{};
    MDB_val value_{};
};

} // namespace base::lmdb
