// SPDX-License-Identifier: Apache-2.0
// Index on LMDB; see index.h. LMDB runs without syncs, so that an update costs microseconds: what a
// stopped machine leaves behind may be nonsense. Therefore the mark of a clean end lies in a file
// of its own, is taken away before the first change, and says size and checksum of the table: no
// page of a table without that mark is ever looked at.
#include "lib/queue/index.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/crc32c.h"
#include "lib/base/file.h"
#include "lib/base/lmdb.h"
#include "lib/base/strings.h"
#include "lib/queue/bytes.h"
#include "lib/queue/index_private.h"

namespace queue {

namespace {

namespace keys = index_keys;
using base::lmdb::Transaction;
using base::lmdb::Walk;

constexpr mode_t file_mode = 0600;
constexpr std::size_t clean_mark_limit = 200;
constexpr std::string_view mark_suffix = ".clean";
constexpr std::size_t read_size = 256 * 1024;

// LMDB's own codes are negative, those of the system positive.
base::Error index_error(std::string_view what, int code)
{
    const bool damaged = code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_INVALID;
    std::string text = base::cat("queue index: ", what, ": ", mdb_strerror(code));
    return damaged ? base::permanent(std::move(text)) : base::temporary(std::move(text));
}

struct FileSum {
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
};

base::Result<FileSum> sum_of(int file)
{
    FileSum sum;
    std::string buffer(read_size, '\0');
    while (true) {
        const ssize_t got =
            ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(sum.size));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base::system_error("read queue index", errno);
        if (got == 0)
            return sum;
        const auto size = static_cast<std::size_t>(got);
        sum.crc = base::crc32c(std::string_view(buffer).substr(0, size), sum.crc);
        sum.size += size;
    }
}

base::Result<void> remove_mark(const std::string& path)
{
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return base::system_error(base::cat("remove ", path), errno);
    auto directory = base::open_directory(std::string(base::directory_of(path)));
    if (!directory)
        return directory.error();
    if (::fsync(directory->number()) != 0)
        return base::system_error("fsync the directory of the queue index", errno);
    return {};
}

// Takes the mark of a clean end away, for good, and tells whether it was there and right.
base::Result<bool> take_clean_mark(const std::string& path, int file)
{
    auto mark = base::read_file(path, clean_mark_limit);
    if (!mark && mark.error().temporary())
        return mark.error();
    if (auto removed = remove_mark(path); !removed)
        return removed.error();
    if (!mark)
        return false;
    auto sum = sum_of(file);
    if (!sum)
        return sum.error();
    return *mark == keys::clean_mark(sum->size, sum->crc);
}

} // namespace

base::Result<void> distrust_index(const std::string& path)
{
    const std::string mark = base::cat(path, mark_suffix);
    if (::access(mark.c_str(), F_OK) != 0 && errno == ENOENT)
        return {};
    return remove_mark(mark);
}

struct Index::State {
    explicit State(Options chosen) : options(std::move(chosen)) {}

    base::Result<void> lock_and_check();
    base::Result<void> open_table();
    int grow();
    int change(std::span<const IndexEntry> puts, std::string_view remove);
    base::Result<void> write(std::span<const IndexEntry> puts, std::string_view remove);
    base::Result<std::vector<Due>> by_time(char mark, const Due& after, base::WallTime until,
                                           std::size_t limit) const;
    base::Result<std::vector<mail::QueueId>>
    by_prefix(std::string_view prefix, std::string_view after, std::size_t limit) const;

    Options options;
    base::Fd file; // Holds the lock.
    base::lmdb::File table;
    std::size_t map_size = 0;
    bool complete = false;
};

Index::Index(std::unique_ptr<State> state) : state_(std::move(state)) {}
Index::~Index() = default;

base::Result<std::unique_ptr<Index>> Index::open(const Options& options)
{
    auto state = std::make_unique<State>(options);
    if (auto checked = state->lock_and_check(); !checked)
        return checked.error();
    if (auto opened = state->open_table(); !opened)
        return opened.error();
    return std::make_unique<Index>(std::move(state));
}

base::Result<void> Index::State::lock_and_check()
{
    file = base::Fd{
        ::open(options.path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, file_mode)};
    if (!file)
        return base::system_error(base::cat("open ", options.path), errno);
    auto locked = base::try_lock(file.number());
    if (!locked)
        return locked.error();
    if (!*locked)
        return base::temporary("the queue index is in use by another process");
    auto clean = take_clean_mark(base::cat(options.path, mark_suffix), file.number());
    if (!clean)
        return clean.error();
    complete = *clean;
    if (!complete && ::ftruncate(file.number(), 0) != 0)
        return base::system_error("clear queue index", errno);
    return {};
}

base::Result<void> Index::State::open_table()
{
    struct stat status {};
    if (::fstat(file.number(), &status) != 0)
        return base::system_error("status of queue index", errno);
    map_size = options.map_size;
    while (map_size < static_cast<std::size_t>(status.st_size))
        map_size *= 2;
    // Never MDB_WRITEMAP: with it, a stray write of ours would reach the file.
    const int code = table.open(options.path, map_size, MDB_NOSYNC | MDB_NOMEMINIT, file_mode);
    return code ? base::Result<void>(index_error("open", code)) : base::Result<void>{};
}

bool Index::needs_rebuild() const
{
    return !state_->complete;
}

void Index::set_complete()
{
    state_->complete = true;
}

int Index::State::grow()
{
    if (map_size * 2 > options.map_limit)
        return MDB_MAP_FULL;
    map_size *= 2;
    return table.resize(map_size);
}

base::Result<void> Index::State::write(std::span<const IndexEntry> puts, std::string_view remove)
{
    int code = change(puts, remove);
    while (code == MDB_MAP_FULL) {
        if ((code = grow()) != 0)
            break;
        code = change(puts, remove);
    }
    return code ? base::Result<void>(index_error("write", code)) : base::Result<void>{};
}

namespace {

// Most updates change the next attempt only: keys that stay are not touched.
int set_keys(Transaction& transaction, const std::vector<std::string>& old_keys,
             const std::vector<std::string>& new_keys)
{
    int code = 0;
    for (const std::string& old : old_keys)
        if (code == 0 && !std::binary_search(new_keys.begin(), new_keys.end(), old))
            code = transaction.remove(old);
    for (const std::string& fresh : new_keys)
        if (code == 0 && !std::binary_search(old_keys.begin(), old_keys.end(), fresh))
            code = transaction.put(fresh, {});
    return code;
}

int replace(Transaction& transaction, std::string_view id, const IndexEntry* fresh, int& added)
{
    const std::string key = keys::entry_key(id);
    std::string_view found;
    int code = transaction.get(key, found);
    if (code != 0 && code != MDB_NOTFOUND)
        return code;
    const bool existed = code == 0;
    std::vector<std::string> old_keys;
    if (existed)
        if (auto old = keys::decode_entry(id, found))
            old_keys = keys::keys_of(*old);
    added += (fresh != nullptr ? 1 : 0) - (existed ? 1 : 0);
    if (fresh == nullptr) {
        code = set_keys(transaction, old_keys, {});
        return code == 0 ? transaction.remove(key) : code;
    }
    IndexEntry cut = *fresh;
    if (cut.recipients.size() > index_recipient_limit)
        cut.recipients.resize(index_recipient_limit);
    if ((code = set_keys(transaction, old_keys, keys::keys_of(cut))) != 0)
        return code;
    return transaction.put(key, keys::encode_entry(cut));
}

int add_to_count(Transaction& transaction, std::int64_t added)
{
    std::string_view found;
    std::int64_t count = 0;
    const int code = transaction.get(keys::count_key, found);
    if (code != 0 && code != MDB_NOTFOUND)
        return code;
    if (code == 0 && found.size() == sizeof count)
        count = load<std::int64_t>(found.data());
    std::string bytes;
    put(bytes, count + added);
    return transaction.put(keys::count_key, bytes);
}

} // namespace

int Index::State::change(std::span<const IndexEntry> puts, std::string_view remove)
{
    Transaction transaction;
    int added = 0;
    int code = transaction.begin(table, 0);
    if (code == 0 && !remove.empty())
        code = replace(transaction, remove, nullptr, added);
    for (std::size_t i = 0; code == 0 && i < puts.size(); ++i)
        code = replace(transaction, puts[i].id, &puts[i], added);
    if (code == 0 && added != 0)
        code = add_to_count(transaction, added);
    return code == 0 ? transaction.commit() : code;
}

base::Result<void> Index::put(const IndexEntry& entry)
{
    return state_->write(std::span(&entry, 1), {});
}

base::Result<void> Index::put(std::span<const IndexEntry> entries)
{
    return state_->write(entries, {});
}

base::Result<void> Index::remove(std::string_view id)
{
    return state_->write({}, id);
}

base::Result<IndexEntry> Index::find(std::string_view id) const
{
    Transaction transaction;
    std::string_view found;
    int code = transaction.begin(state_->table, MDB_RDONLY);
    if (code == 0)
        code = transaction.get(keys::entry_key(id), found);
    if (code == MDB_NOTFOUND)
        return base::permanent(base::cat("no message ", id, " in the queue index"));
    if (code != 0)
        return index_error("read", code);
    return keys::decode_entry(id, found);
}

base::Result<std::vector<Due>> Index::State::by_time(char mark, const Due& after,
                                                     base::WallTime until, std::size_t limit) const
{
    std::vector<Due> out;
    const std::string from = keys::time_key(mark, after.when, after.id);
    Transaction transaction;
    Walk walk;
    int code = transaction.begin(table, MDB_RDONLY);
    if (code == 0)
        code = walk.begin(transaction, from);
    for (; code == 0 && out.size() < limit && walk.key().starts_with(mark); code = walk.next()) {
        if (walk.key() == from)
            continue;
        Due due = keys::due_of(walk.key());
        if (due.when > until)
            return out;
        out.push_back(std::move(due));
    }
    if (code != 0 && code != MDB_NOTFOUND)
        return index_error("read", code);
    return out;
}

base::Result<std::vector<mail::QueueId>>
Index::State::by_prefix(std::string_view prefix, std::string_view after, std::size_t limit) const
{
    std::vector<mail::QueueId> out;
    const std::string from = base::cat(prefix, after);
    Transaction transaction;
    Walk walk;
    int code = transaction.begin(table, MDB_RDONLY);
    if (code == 0)
        code = walk.begin(transaction, from);
    for (; code == 0 && out.size() < limit && walk.key().starts_with(prefix); code = walk.next())
        if (after.empty() || walk.key() != from)
            out.emplace_back(walk.key().substr(prefix.size()));
    if (code != 0 && code != MDB_NOTFOUND)
        return index_error("read", code);
    return out;
}

base::Result<std::vector<Due>> Index::due(const Due& after, base::WallTime until,
                                          std::size_t limit) const
{
    return state_->by_time(keys::attempt_mark, after, until, limit);
}

base::Result<std::vector<Due>> Index::by_arrival(const Due& after, base::WallTime until,
                                                 std::size_t limit) const
{
    return state_->by_time(keys::arrival_mark, after, until, limit);
}

base::Result<std::vector<mail::QueueId>> Index::with(IndexField field, std::string_view value,
                                                     std::string_view after,
                                                     std::size_t limit) const
{
    return state_->by_prefix(keys::field_prefix(field, value), after, limit);
}

base::Result<std::vector<mail::QueueId>> Index::all(std::string_view after, std::size_t limit) const
{
    return state_->by_prefix(std::string_view(&keys::entry_mark, 1), after, limit);
}

base::Result<std::uint64_t> Index::count() const
{
    Transaction transaction;
    std::string_view found;
    int code = transaction.begin(state_->table, MDB_RDONLY);
    if (code == 0)
        code = transaction.get(keys::count_key, found);
    if (code == MDB_NOTFOUND)
        return std::uint64_t{0};
    if (code != 0 || found.size() != sizeof(std::uint64_t))
        return index_error("read", code == 0 ? MDB_CORRUPTED : code);
    return load<std::uint64_t>(found.data());
}

base::Result<bool> Index::each(std::string_view after,
                               const std::function<bool(const IndexEntry&)>& visit) const
{
    const std::string from = keys::entry_key(after);
    Transaction transaction;
    Walk walk;
    int code = transaction.begin(state_->table, MDB_RDONLY);
    if (code == 0)
        code = walk.begin(transaction, from);
    for (; code == 0 && walk.key().starts_with(keys::entry_mark); code = walk.next()) {
        if (walk.key() == from)
            continue;
        auto entry = keys::decode_entry(walk.key().substr(1), walk.value());
        if (entry && !visit(*entry))
            return false;
    }
    if (code != 0 && code != MDB_NOTFOUND)
        return index_error("read", code);
    return true;
}

base::Result<void> Index::close()
{
    State& state = *state_;
    const int code = state.table.sync();
    state.table.close();
    if (code != 0)
        return index_error("sync", code);
    if (!state.complete)
        return {};
    auto sum = sum_of(state.file.number());
    if (!sum)
        return sum.error();
    return base::replace_file(base::cat(state.options.path, mark_suffix),
                              keys::clean_mark(sum->size, sum->crc), file_mode);
}

} // namespace queue
