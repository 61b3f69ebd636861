// SPDX-License-Identifier: Apache-2.0
// Owners of LMDB's handles; see lmdb.h.
#include "lib/base/lmdb.h"

namespace base::lmdb {

Transaction::~Transaction()
{
    if (handle_ != nullptr)
        mdb_txn_abort(handle_);
}

int Transaction::begin(MDB_env* environment, unsigned flags)
{
    return mdb_txn_begin(environment, nullptr, flags, &handle_);
}

Walk::~Walk()
{
    if (cursor_ != nullptr)
        mdb_cursor_close(cursor_);
}

int Walk::begin(const Transaction& transaction, MDB_dbi table, std::string_view from)
{
    key_ = as_value(from);
    const int code = mdb_cursor_open(transaction.handle(), table, &cursor_);
    return code == 0 ? mdb_cursor_get(cursor_, &key_, &value_, MDB_SET_RANGE) : code;
}

} // namespace base::lmdb
