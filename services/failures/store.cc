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

using base::lmdb::as_value;
using base::lmdb::as_view;
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
    ~State()
    {
        if (environment != nullptr)
            mdb_env_close(environment);
    }

    int open_table();
    int get(const Transaction& transaction, std::string_view subject,
            std::optional<Entry>& found) const;
    int put(const Transaction& transaction, const std::string& subject,
            const std::optional<Entry>& entry);
    int forget_oldest(const Transaction& transaction, base::WallTime before);
    int count(const Transaction& transaction, std::uint64_t& entries) const;

    Options options;
    base::Fd lock;
    MDB_env* environment = nullptr;
    MDB_dbi table = 0;
};

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

int Store::State::open_table()
{
    // One process, one thread: no lock file. Without syncing the meta page the last step may be
    // lost by a crash of the machine; the file stays whole.
    constexpr unsigned flags = MDB_NOSUBDIR | MDB_NOMETASYNC | MDB_NOLOCK | MDB_NOTLS;
    int code = mdb_env_create(&environment);
    if (code == 0)
        code = mdb_env_set_mapsize(environment, map_least + options.entry_limit * map_each);
    if (code == 0)
        code = mdb_env_open(environment, options.path.c_str(), flags, file_mode);
    Transaction transaction;
    if (code == 0)
        code = transaction.begin(environment, 0);
    if (code == 0)
        code = mdb_dbi_open(transaction.handle(), nullptr, 0, &table);
    return code == 0 ? transaction.commit() : code;
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
    mdb_env_close(std::exchange(state->environment, nullptr));
    if (::rename(options.path.c_str(), (options.path + ".bad").c_str()) != 0)
        return base::system_error(base::cat("rename ", options.path), errno);
    if ((code = state->open_table()) != 0)
        return store_error("open", code);
    return std::make_unique<Store>(std::move(state));
}

int Store::State::get(const Transaction& transaction, std::string_view subject,
                      std::optional<Entry>& found) const
{
    const std::string name = entry_key(subject);
    MDB_val key = as_value(name);
    MDB_val value{};
    const int code = mdb_get(transaction.handle(), table, &key, &value);
    if (code == 0)
        found = decoded(as_view(value));
    return code == MDB_NOTFOUND ? 0 : code;
}

int Store::State::put(const Transaction& transaction, const std::string& subject,
                      const std::optional<Entry>& entry)
{
    std::optional<Entry> old;
    const std::string name = entry_key(subject);
    MDB_val key = as_value(name);
    int code = get(transaction, subject, old);
    if (code == 0 && old) {
        const std::string old_time = time_key(old->last, subject);
        MDB_val time = as_value(old_time);
        code = mdb_del(transaction.handle(), table, &time, nullptr);
        code = code == MDB_NOTFOUND ? 0 : code;
    }
    if (code == 0 && !entry) {
        code = mdb_del(transaction.handle(), table, &key, nullptr);
        return code == MDB_NOTFOUND ? 0 : code;
    }
    if (code != 0)
        return code;
    const std::string bytes = encoded(*entry);
    const std::string new_time = time_key(entry->last, subject);
    MDB_val value = as_value(bytes);
    MDB_val time = as_value(new_time);
    MDB_val nothing{};
    code = mdb_put(transaction.handle(), table, &key, &value, 0);
    return code == 0 ? mdb_put(transaction.handle(), table, &time, &nothing, 0) : code;
}

// Each entry has two keys.
int Store::State::count(const Transaction& transaction, std::uint64_t& entries) const
{
    MDB_stat stat{};
    const int code = mdb_stat(transaction.handle(), table, &stat);
    entries = stat.ms_entries / 2;
    return code;
}

int Store::State::forget_oldest(const Transaction& transaction, base::WallTime before)
{
    const std::string expired = time_key(before, "");
    std::uint64_t entries = 0;
    int code = count(transaction, entries);
    while (code == 0 && entries > 0) {
        std::string oldest;
        {
            Walk walk;
            code = walk.begin(transaction, table, "t");
            if (code != 0)
                return code == MDB_NOTFOUND ? 0 : code;
            oldest = walk.key();
        }
        if (entries <= options.entry_limit && oldest >= expired)
            return 0;
        MDB_val time = as_value(oldest);
        const std::string name = entry_key(std::string_view(oldest).substr(1 + time_size));
        MDB_val key = as_value(name);
        code = mdb_del(transaction.handle(), table, &time, nullptr);
        if (code == 0)
            code = mdb_del(transaction.handle(), table, &key, nullptr);
        code = code == MDB_NOTFOUND ? 0 : code;
        --entries;
    }
    return code;
}

base::Result<std::optional<Entry>> Store::find(const std::string& subject) const
{
    Transaction transaction;
    std::optional<Entry> found;
    int code = transaction.begin(state_->environment, MDB_RDONLY);
    if (code == 0)
        code = state_->get(transaction, subject, found);
    if (code != 0)
        return store_error("read", code);
    return found;
}

base::Result<void> Store::write(const Changes& changes, base::WallTime now)
{
    Transaction transaction;
    int code = transaction.begin(state_->environment, 0);
    for (const auto& [subject, entry] : changes)
        if (code == 0)
            code = state_->put(transaction, subject, entry);
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
    int code = transaction.begin(state_->environment, MDB_RDONLY);
    if (code == 0)
        code = walk.begin(transaction, state_->table, from);
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
    int code = transaction.begin(state_->environment, MDB_RDONLY);
    if (code == 0)
        code = state_->count(transaction, entries);
    if (code != 0)
        return store_error("read", code);
    return entries;
}

} // namespace failures
