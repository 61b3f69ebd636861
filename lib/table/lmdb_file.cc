// SPDX-License-Identifier: Apache-2.0
// LMDB files; see lmdb_file.h.
#include "lib/table/lmdb_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "lib/base/file.h"
#include "lib/base/lmdb.h"
#include "lib/base/strings.h"

namespace table {

static base::Error failed(std::string_view what, const std::string& path, int code)
{
    return base::temporary(base::cat(what, " database ", path, ": ", mdb_strerror(code)));
}

static std::string_view without_nul(MDB_val value)
{
    std::string_view text = base::lmdb::as_view(value);
    if (!text.empty() && text.back() == '\0')
        text.remove_suffix(1);
    return text;
}

base::Result<LmdbReader> LmdbReader::open(const std::string& path)
{
    LmdbReader made;
    struct stat st = {};
    if (::stat(path.c_str(), &st) != 0)
        return base::system_error(base::cat("open database ", path), errno);
    int code = mdb_env_create(&made.env_);
    if (code == 0)
        code = mdb_env_open(made.env_, path.c_str(), MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK, 0);
    if (code == 0)
        code = mdb_txn_begin(made.env_, nullptr, MDB_RDONLY, &made.txn_);
    if (code == 0)
        code = mdb_dbi_open(made.txn_, nullptr, 0, &made.db_);
    int fd = -1;
    if (code == 0)
        code = mdb_env_get_fd(made.env_, &fd);
    if (code == 0 && ::fstat(fd, &st) != 0)
        code = errno;
    if (code != 0)
        return failed("open", path, code);
    made.device_ = st.st_dev;
    made.inode_ = st.st_ino;
    made.owner_ = st.st_uid;
    return made;
}

LmdbReader::LmdbReader(LmdbReader&& other) noexcept
{
    *this = std::move(other);
}

LmdbReader& LmdbReader::operator=(LmdbReader&& other) noexcept
{
    std::swap(env_, other.env_);
    std::swap(txn_, other.txn_);
    std::swap(db_, other.db_);
    std::swap(device_, other.device_);
    std::swap(inode_, other.inode_);
    std::swap(owner_, other.owner_);
    return *this;
}

LmdbReader::~LmdbReader()
{
    if (txn_ != nullptr)
        mdb_txn_abort(txn_);
    if (env_ != nullptr)
        mdb_env_close(env_);
}

base::Result<std::optional<std::string>> LmdbReader::get(std::string_view key) const
{
    MDB_val want = base::lmdb::as_value(key);
    MDB_val value{};
    int code = mdb_get(txn_, db_, &want, &value);
    if (code == MDB_NOTFOUND || code == MDB_BAD_VALSIZE)
        return std::optional<std::string>{};
    if (code != 0)
        return base::temporary(mdb_strerror(code));
    return std::optional(std::string(without_nul(value)));
}

base::Result<std::optional<std::string>> LmdbReader::find(std::string_view key) const
{
    if (key.empty() || key.size() > kLmdbKeyBytes)
        return std::optional<std::string>{};
    std::string with_nul(key);
    with_nul.push_back('\0');
    auto found = get(with_nul);
    if (!found || *found)
        return found;
    return get(key);
}

base::Result<std::vector<LmdbReader::Pair>> LmdbReader::all() const
{
    std::vector<Pair> entries;
    MDB_cursor* cursor = nullptr;
    int code = mdb_cursor_open(txn_, db_, &cursor);
    MDB_val key{};
    MDB_val value{};
    while (code == 0 && (code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
        entries.emplace_back(without_nul(key), without_nul(value));
    if (cursor != nullptr)
        mdb_cursor_close(cursor);
    if (code != MDB_NOTFOUND)
        return base::temporary(mdb_strerror(code));
    return entries;
}

bool LmdbReader::is_current(const std::string& path) const
{
    struct stat st = {};
    int fd = -1;
    // In a jail the name may be out of reach, but a file that was replaced has none left.
    if (mdb_env_get_fd(env_, &fd) == 0 && ::fstat(fd, &st) == 0 && st.st_nlink == 0)
        return false;
    if (::stat(path.c_str(), &st) != 0)
        return true;
    return st.st_dev == device_ && st.st_ino == inode_;
}

namespace {

// Puts all entries into a fresh file; MDB_MAP_FULL when `map_size` is too small.
int fill(const std::string& path, const std::vector<LmdbReader::Pair>& entries,
         const LmdbWriteOptions& options, std::size_t map_size)
{
    base::lmdb::File file;
    base::lmdb::Transaction transaction;
    int code = file.open(path, map_size, 0, options.mode);
    if (code == 0)
        code = transaction.begin(file, 0);
    std::size_t extra = options.nul ? 1 : 0; // std::string has the NUL behind its text.
    for (auto at = entries.begin(); code == 0 && at != entries.end(); ++at) {
        const std::string_view key(at->first.c_str(), at->first.size() + extra);
        const std::string_view value(at->second.c_str(), at->second.size() + extra);
        code = transaction.put(key, value);
    }
    return code == 0 ? transaction.commit() : code; // Includes fsync.
}

base::Result<void> publish(const std::string& temporary, const std::string& path)
{
    if (::rename(temporary.c_str(), path.c_str()) != 0)
        return base::system_error(base::cat("rename ", temporary), errno);
    auto directory = base::open_directory(std::string(base::directory_of(path)));
    if (!directory)
        return directory.error();
    if (::fsync(directory->number()) != 0)
        return base::system_error(base::cat("fsync the directory of ", path), errno);
    return {};
}

} // namespace

base::Result<void> write_lmdb(const std::string& path, const std::vector<LmdbReader::Pair>& entries,
                              LmdbWriteOptions options)
{
    std::string temporary = base::cat(path, ".new.", ::getpid());
    for (std::size_t size = std::max<std::size_t>(options.map_size, 1 << 16);; size *= 2) {
        // O_EXCL: whoever else can write the directory shall not choose what we write to.
        ::unlink(temporary.c_str());
        base::Fd fd(::open(temporary.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, options.mode));
        if (!fd)
            return base::system_error(base::cat("create ", temporary), errno);
        if (::geteuid() == 0 && ::fchown(fd.number(), options.owner, options.group) != 0)
            return base::system_error(base::cat("chown ", temporary), errno);
        if (::fchmod(fd.number(), options.mode) != 0)
            return base::system_error(base::cat("chmod ", temporary), errno);
        int code = fill(temporary, entries, options, size);
        if (code == 0)
            break;
        ::unlink(temporary.c_str());
        if (code != MDB_MAP_FULL)
            return failed("write", path, code);
    }
    auto published = publish(temporary, path);
    if (!published)
        ::unlink(temporary.c_str());
    return published;
}

} // namespace table
