// SPDX-License-Identifier: Apache-2.0
// Entries in LMDB; see store.h. Keys: "e" SUBJECT leads to the entry (encoded as it crosses between
// processes), "t" TIME SUBJECT, with TIME big-endian, orders them by their latest failure.
#include "services/failures/store.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

#include "lib/base/file.h"
#include "lib/base/lmdb.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace failures {

namespace {

using base::lmdb::Transaction;
using base::lmdb::Walk;

constexpr mode_t file_mode = 0600;
constexpr std::size_t map_each = 8 * 1024; // Pages for an entry, generously.
constexpr std::size_t map_least = 16 * 1024 * 1024;
constexpr std::size_t time_size = 8;

base::Error store_error(std::string_view what, int code)
{
    return base::temporary(base::cat(what, " failure store: ", mdb_strerror(code)));
}

std::string entry_key(std::string_view subject)
{
    return base::cat('e', subject);
}

std::string time_key(base::WallTime when, std::string_view subject)
{
    const auto us = static_cast<std::uint64_t>(std::max(0LL, base::unix_microseconds(when)));
    const std::uint64_t big = __builtin_bswap64(us);
    std::string key(1, 't');
    key.append(reinterpret_cast<const char*>(&big), sizeof big);
    return key += subject;
}

std::string encoded(const Entry& entry)
{
    ipc::Encoder out;
    ipc::encode(out, entry);
    return std::move(out.bytes);
}

// What another version wrote is nothing.
std::optional<Entry> decoded(std::string_view bytes)
{
    ipc::Decoder from{bytes};
    Entry entry;
    ipc::decode(from, entry);
    return from.complete() ? std::optional{std::move(entry)} : std::nullopt;
}

} // namespace

struct Store::State {
    int open_table();
    int forget_oldest(Transaction& transaction, base::WallTime before) const;

    Options options;
    base::Fd lock;
    base::lmdb::File table;
};

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

int Store::State::open_table()
{
    // Without syncing the meta page the last step may be lost by a crash of the machine; the file
    // stays whole.
    return table.open(options.path, map_least + options.entry_limit * map_each, MDB_NOMETASYNC,
                      file_mode);
}

base::Result<std::unique_ptr<Store>> Store::open(const Options& options)
{
    auto state = std::make_unique<State>();
    state->options = options;
    const std::string lock = options.path + ".lock";
    state->lock =
        base::Fd{::open(lock.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, file_mode)};
    if (!state->lock)
        return base::system_error(base::cat("open ", lock), errno);
    auto locked = base::try_lock(state->lock.number());
    if (!locked)
        return locked.error();
    if (!*locked)
        return base::temporary("the failure store is in use by another process");
    int code = state->open_table();
    if (code == 0)
        return std::make_unique<Store>(std::move(state));
    base::Log{}.warning(options.path, ": ", mdb_strerror(code), ": put aside, begun anew");
    if (::rename(options.path.c_str(), (options.path + ".bad").c_str()) != 0)
        return base::system_error(base::cat("rename ", options.path), errno);
    if ((code = state->open_table()) != 0)
        return store_error("open", code);
    return std::make_unique<Store>(std::move(state));
}

namespace {

int get(const Transaction& transaction, std::string_view subject, std::optional<Entry>& found)
{
    std::string_view value;
    const int code = transaction.get(entry_key(subject), value);
    if (code == 0)
        found = decoded(value);
    return code == MDB_NOTFOUND ? 0 : code;
}

int put(Transaction& transaction, const std::string& subject, const std::optional<Entry>& entry)
{
    std::optional<Entry> old;
    int code = get(transaction, subject, old);
    if (code == 0 && old)
        code = transaction.remove(time_key(old->last, subject));
    if (code == 0)
        code = entry ? transaction.put(entry_key(subject), encoded(*entry))
                     : transaction.remove(entry_key(subject));
    return code == 0 && entry ? transaction.put(time_key(entry->last, subject), {}) : code;
}

int count_entries(const Transaction& transaction, std::uint64_t& entries)
{
    std::uint64_t keys = 0;
    const int code = transaction.count(keys);
    entries = keys / 2; // Each entry has two.
    return code;
}

} // namespace

int Store::State::forget_oldest(Transaction& transaction, base::WallTime before) const
{
    const std::string expired = time_key(before, "");
    std::uint64_t entries = 0;
    int code = count_entries(transaction, entries);
    while (code == 0 && entries > 0) {
        std::string oldest;
        {
            Walk walk;
            code = walk.begin(transaction, "t");
            if (code != 0)
                return code == MDB_NOTFOUND ? 0 : code;
            oldest = walk.key();
        }
        if (entries <= options.entry_limit && oldest >= expired)
            return 0;
        code = transaction.remove(oldest);
        if (code == 0)
            code = transaction.remove(entry_key(std::string_view(oldest).substr(1 + time_size)));
        --entries;
    }
    return code;
}

base::Result<std::optional<Entry>> Store::find(const std::string& subject) const
{
    Transaction transaction;
    std::optional<Entry> found;
    int code = transaction.begin(state_->table, MDB_RDONLY);
    if (code == 0)
        code = get(transaction, subject, found);
    if (code != 0)
        return store_error("read", code);
    return found;
}

base::Result<void> Store::write(const Changes& changes, base::WallTime now)
{
    Transaction transaction;
    int code = transaction.begin(state_->table, 0);
    for (const auto& [subject, entry] : changes)
        if (code == 0)
            code = put(transaction, subject, entry);
    if (code == 0)
        code = state_->forget_oldest(transaction, now - state_->options.lifetime);
    if (code == 0)
        code = transaction.commit();
    return code == 0 ? base::Result<void>{} : base::Result<void>(store_error("write", code));
}

base::Result<std::vector<Entry>> Store::list(const std::string& after, std::size_t limit) const
{
    const std::string from = entry_key(after);
    std::vector<Entry> entries;
    Transaction transaction;
    Walk walk;
    int code = transaction.begin(state_->table, MDB_RDONLY);
    if (code == 0)
        code = walk.begin(transaction, from);
    for (; code == 0 && walk.key().starts_with('e') && entries.size() < limit; code = walk.next())
        if (walk.key() > from)
            if (auto entry = decoded(walk.value()))
                entries.push_back(std::move(*entry));
    if (code != 0 && code != MDB_NOTFOUND)
        return store_error("read", code);
    return entries;
}

base::Result<std::uint64_t> Store::count() const
{
    Transaction transaction;
    std::uint64_t entries = 0;
    int code = transaction.begin(state_->table, MDB_RDONLY);
    if (code == 0)
        code = count_entries(transaction, entries);
    if (code != 0)
        return store_error("read", code);
    return entries;
}

} // namespace failures
