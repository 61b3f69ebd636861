// SPDX-License-Identifier: Apache-2.0
// Making and changing FILE.lmdb; see build.h. The new file is written under another name and
// renamed, so that readers see the old or the new table, never a part.
#include "tools/postmap/build.h"

#include <fcntl.h>
#include <grp.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_map>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/table/berkeley_file.h"
#include "lib/table/file_table.h"
#include "lib/table/lmdb_file.h"
#include "lib/table/table.h"
#include "tools/postmap/input.h"
#include "tools/postmap/source.h"

namespace postmap {

bool is_writable_type(std::string_view type)
{
    return type == "lmdb" || type == "hash" || type == "btree";
}

namespace {

using Pairs = std::vector<table::LmdbReader::Pair>;

// Who else can write the directory of the table could make root write elsewhere, and who wrote the
// source could make root read files for them (-F): then the owner's rights have to do. In root's
// own directory there is nothing to fear, and the owner could not make the new file there.
base::Result<void> drop_rights(const struct stat& source, const struct stat& directory,
                               bool reads_files)
{
    const struct stat& owner = source.st_uid != 0 ? source : directory;
    bool closed = directory.st_uid == 0 && (directory.st_mode & 0022) == 0;
    if (::geteuid() != 0 || owner.st_uid == 0 || (closed && !reads_files))
        return {};
    gid_t group = owner.st_gid;
    if (::setgroups(1, &group) != 0 || ::setegid(group) != 0 || ::seteuid(owner.st_uid) != 0)
        return base::system_error("set effective user", errno);
    return {};
}

base::Result<std::string> encode_files(std::string_view names)
{
    std::string all;
    bool first = true;
    for (auto name : base::split(names, ", \t")) {
        auto content = base::read_file(std::string(name), table::kSourceBytes);
        if (!content)
            return content.error();
        base::append(all, first ? "" : "\n", *content);
        first = false;
    }
    std::string out(4 * ((all.size() + 2) / 3) + 1, '\0');
    int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                               reinterpret_cast<const unsigned char*>(all.data()),
                               static_cast<int>(all.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

// The entries of a table while it is made, in the order they came.
class Collection {
public:
    Collection(std::string source, std::string database, const Options& options)
        : source_(std::move(source)), database_(std::move(database)), options_(options)
    {
    }

    void preload(Pairs pairs)
    {
        pairs_ = std::move(pairs);
        for (std::size_t i = 0; i < pairs_.size(); ++i)
            index_[pairs_[i].first] = i;
    }

    base::Result<void> add(Item item)
    {
        if (item.key.size() + 1 > table::kLmdbKeyBytes)
            return base::permanent(base::cat("line ", item.line, ": the key is longer than ",
                                             table::kLmdbKeyBytes - 1, " bytes"));
        if (options_.base64_files) {
            auto encoded = encode_files(item.value);
            if (!encoded) {
                base::Log().warning(source_, ", line ", item.line, ": ", encoded.error().text,
                                    ": skipping this entry");
                return {};
            }
            item.value = std::move(*encoded);
        }
        auto [at, fresh] = index_.emplace(item.key, pairs_.size());
        if (fresh)
            pairs_.emplace_back(std::move(item.key), std::move(item.value));
        else if (options_.replace)
            pairs_[at->second].second = std::move(item.value);
        else if (!options_.ignore_duplicates)
            base::Log().warning(database_, ": duplicate entry: \"", item.key, "\"");
        return {};
    }

    const Pairs& pairs() const { return pairs_; }

private:
    std::string source_;
    std::string database_;
    const Options& options_;
    Pairs pairs_;
    std::unordered_map<std::string, std::size_t> index_;
};

// A table that is there keeps its owner and mode, as an administrator may have set them; a new one
// is as readable as its source.
table::LmdbWriteOptions form_of(const struct stat& source, const std::optional<std::string>& served,
                                const Options& options)
{
    struct stat old = {};
    if (served && ::lstat(served->c_str(), &old) == 0 && S_ISREG(old.st_mode) &&
        (::geteuid() == 0 || old.st_uid == ::geteuid()))
        return {.mode = old.st_mode & 0777u, .owner = old.st_uid, .group = old.st_gid};
    const mode_t mode = options.default_mode ? 0644 : (0600 | (source.st_mode & 0044));
    return {.mode = mode, .owner = source.st_uid, .group = source.st_gid};
}

// Opens and locks the database for a change. Others that change it take the same lock; who waited
// may find that the file was replaced meanwhile.
base::Result<base::Fd> lock_database(const std::string& path)
{
    while (true) {
        base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        struct stat locked = {};
        struct stat named = {};
        if (!fd || ::flock(fd.number(), LOCK_EX) != 0 || ::fstat(fd.number(), &locked) != 0)
            return base::system_error(base::cat("open database ", path), errno);
        if (::stat(path.c_str(), &named) == 0 && named.st_ino == locked.st_ino)
            return fd;
    }
}

base::Result<void> prepare(const std::string& owner_file, const Options& options,
                           struct stat& source)
{
    struct stat directory = {};
    std::string parent(base::directory_of(owner_file));
    if (::stat(owner_file.c_str(), &source) != 0)
        return base::system_error(base::cat("open ", owner_file), errno);
    if (::stat(parent.c_str(), &directory) != 0)
        return base::system_error(base::cat("open ", parent), errno);
    if (options.keep_privileges)
        return {};
    return drop_rights(source, directory, options.base64_files);
}

table::Index index_of(const Target& target)
{
    return table::index_of(std::string_view(target.spec).substr(0, target.spec.find(':')));
}

// The entries that a table has. FILE.lmdb stays locked through `lock`; FILE.db is only read.
base::Result<Pairs> old_entries(const Target& target, const std::string& served, base::Fd& lock)
{
    if (served.ends_with(".lmdb")) {
        auto locked = lock_database(served);
        if (!locked)
            return locked.error();
        lock = std::move(*locked);
    }
    return table::index_entries(target.file, index_of(target));
}

base::Result<void> write(const Target& target, const Pairs& pairs,
                         const table::LmdbWriteOptions& options)
{
    auto written = table::write_lmdb(target.file + ".lmdb", pairs, options);
    if (written)
        table::nudge_berkeley(target.file + ".db");
    return written;
}

} // namespace

base::Result<void> build(const Target& target, const Options& options)
{
    std::string path = target.file + ".lmdb";
    struct stat source = {};
    const std::string origin = options.incremental ? "stdin" : target.file;
    Collection entries(origin, path, options);
    base::Fd lock;
    auto served = table::index_path(target.file, index_of(target));
    bool exists = options.incremental && served;
    auto text = options.incremental ? read_standard_input()
                                    : base::read_file(target.file, table::kSourceBytes);
    if (!text)
        return text.error();
    auto prepared = prepare(exists ? *served : target.file, options, source);
    if (!prepared)
        return prepared;
    if (exists) {
        auto old = old_entries(target, *served, lock);
        if (!old)
            return old.error();
        entries.preload(std::move(*old));
    }
    table::Warnings warnings;
    auto items = read_items(*text, origin, options, warnings);
    for (const auto& warning : warnings)
        base::Log().warning(warning);
    // Sendmail's mark that the alias database is complete.
    if (options.alias && !options.incremental)
        items.insert(items.begin(), {"@", "@", 0});
    for (auto& item : items) {
        auto added = entries.add(std::move(item));
        if (!added)
            return added.error().in(target.file);
    }
    auto form = form_of(source, served, options);
    form.nul = options.nul;
    form.map_size = target.map_size;
    return write(target, entries.pairs(), form);
}

base::Result<bool> remove(const Target& target, const std::string& key, const Options& options)
{
    std::string path =
        table::index_path(target.file, index_of(target)).value_or(target.file + ".lmdb");
    struct stat source = {};
    base::Fd lock;
    auto prepared = prepare(path, options, source);
    if (!prepared)
        return prepared.error();
    auto old = old_entries(target, path, lock);
    if (!old)
        return old.error();
    std::string folded = options.fold ? table::fold_case(key) : key;
    auto before = old->size();
    std::erase_if(*old, [&](const auto& pair) { return pair.first == folded; });
    if (old->size() == before)
        return false;
    auto written = write(target, *old,
                         {.mode = source.st_mode & 0777u,
                          .nul = options.nul,
                          .map_size = target.map_size,
                          .owner = source.st_uid,
                          .group = source.st_gid});
    if (!written)
        return written.error();
    return true;
}

} // namespace postmap
