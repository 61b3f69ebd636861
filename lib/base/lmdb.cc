// SPDX-License-Identifier: Apache-2.0
// LMDB's handles and their owners; see lmdb.h.
#include "lib/base/lmdb.h"

namespace base::lmdb {

int File::open(const std::string& path, std::size_t map_size, unsigned flags, mode_t mode)
{
    const int code = open_all(path, map_size, flags, mode);
    if (code != 0)
        close();
    return code;
}

int File::open_all(const std::string& path, std::size_t map_size, unsigned flags, mode_t mode)
{
    int code = mdb_env_create(&environment_);
    if (code != 0)
        return code;
    if ((code = mdb_env_set_mapsize(environment_, map_size)) != 0)
        return code;
    constexpr unsigned always = MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS;
    if ((code = mdb_env_open(environment_, path.c_str(), always | flags, mode)) != 0)
        return code;
    Transaction transaction;
    if ((code = transaction.begin(*this, 0)) != 0)
        return code;
    code = mdb_dbi_open(transaction.handle_, nullptr, 0, &table_);
    return code == 0 ? transaction.commit() : code;
}

void File::close()
{
    if (environment_ != nullptr)
        mdb_env_close(std::exchange(environment_, nullptr));
}

Transaction::~Transaction()
{
    if (handle_ != nullptr)
        mdb_txn_abort(handle_);
}

int Transaction::begin(const File& file, unsigned flags)
{
    table_ = file.table_;
    return mdb_txn_begin(file.environment_, nullptr, flags, &handle_);
}

int Transaction::get(std::string_view key, std::string_view& value) const
{
    MDB_val name = as_value(key);
    MDB_val found{};
    const int code = mdb_get(handle_, table_, &name, &found);
    if (code == 0)
        value = as_view(found);
    return code;
}

int Transaction::put(std::string_view key, std::string_view value)
{
    MDB_val name = as_value(key);
    MDB_val bytes = as_value(value);
    return mdb_put(handle_, table_, &name, &bytes, 0);
}

int Transaction::remove(std::string_view key)
{
    MDB_val name = as_value(key);
    const int code = mdb_del(handle_, table_, &name, nullptr);
    return code == MDB_NOTFOUND ? 0 : code;
}

int Transaction::count(std::uint64_t& keys) const
{
    MDB_stat found{};
    const int code = mdb_stat(handle_, table_, &found);
    keys = found.ms_entries;
    return code;
}

Walk::~Walk()
{
    if (cursor_ != nullptr)
        mdb_cursor_close(cursor_);
}

int Walk::begin(const Transaction& transaction, std::string_view from)
{
    key_ = as_value(from);
    const int code = mdb_cursor_open(transaction.handle_, transaction.table_, &cursor_);
    return code == 0 ? mdb_cursor_get(cursor_, &key_, &value_, MDB_SET_RANGE) : code;
}

} // namespace base::lmdb
