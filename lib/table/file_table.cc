// SPDX-License-Identifier: Apache-2.0
// Tables in indexed files; see file_table.h.
#include "lib/table/file_table.h"

#include <sys/stat.h>
#include <variant>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/table/berkeley_file.h"
#include "lib/table/lmdb_file.h"

namespace table {

namespace {

using Reader = std::variant<LmdbReader, BerkeleyReader>;

bool is_lmdb(std::string_view path)
{
    return path.ends_with(".lmdb");
}

base::Result<Reader> open_reader(const std::string& path)
{
    if (is_lmdb(path)) {
        auto reader = LmdbReader::open(path);
        return reader ? base::Result<Reader>(std::move(*reader)) : reader.error();
    }
    auto reader = BerkeleyReader::open(path);
    return reader ? base::Result<Reader>(std::move(*reader)) : reader.error();
}

class IndexTable final : public Table {
public:
    IndexTable(const std::string& spec, std::string file, Index index)
        : Table(spec, Keys::Exact), file_(std::move(file)), index_(index)
    {
    }

    base::Result<void> open(const std::string& path)
    {
        auto reader = open_reader(path);
        if (!reader)
            return reader.error();
        reader_ = std::make_unique<Reader>(std::move(*reader));
        path_ = path;
        set_owner(std::visit([](const auto& open) { return open.owner(); }, *reader_));
        return {};
    }

    bool stale() override
    {
        const std::string path = index_path(file_, index_).value_or(path_);
        auto current = [&](const auto& open) { return open.is_current(path); };
        if (path == path_ && std::visit(current, *reader_))
            return false;
        return !open(path);
    }

protected:
    Found find(std::string_view key) override
    {
        auto found = std::visit([&](const auto& open) { return open.find(key); }, *reader_);
        if (!found)
            return found.error().in(base::cat("table ", name()));
        return found;
    }

private:
    std::string file_;
    Index index_;
    std::string path_;               // Of the database in use.
    std::unique_ptr<Reader> reader_; // Never null once open() went well.
};

std::string rebuild_hint(const std::string& file)
{
    return base::cat("run \"postmap ", file, "\" (for aliases: \"postalias ", file, "\")");
}

bool is_older(const timespec& one, const timespec& other)
{
    return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_nsec < other.tv_nsec;
}

} // namespace

std::optional<std::string> index_path(const std::string& file, Index index)
{
    std::string lmdb = file + ".lmdb";
    std::string berkeley = file + ".db";
    struct stat ours = {};
    struct stat theirs = {};
    const bool has_lmdb = ::stat(lmdb.c_str(), &ours) == 0;
    const bool has_berkeley =
        index == Index::LmdbOrBerkeley && ::stat(berkeley.c_str(), &theirs) == 0;
    if (has_berkeley && (!has_lmdb || is_older(ours.st_mtim, theirs.st_mtim)))
        return berkeley;
    return has_lmdb ? std::optional(lmdb) : std::nullopt;
}

Index index_of(std::string_view type)
{
    return type == "lmdb" ? Index::Lmdb : Index::LmdbOrBerkeley;
}

base::Result<std::unique_ptr<Table>>
make_index_table(const std::string& spec, const std::string& file, Index index, Warnings& warnings)
{
    std::string path = index_path(file, index).value_or(file + ".lmdb");
    struct stat source = {};
    struct stat database = {};
    if (::stat(path.c_str(), &database) != 0) {
        auto error = base::system_error(base::cat("open database ", path), errno);
        return base::temporary(base::cat(error.text, "; ", rebuild_hint(file)));
    }
    if (::stat(file.c_str(), &source) == 0 && source.st_mtime > database.st_mtime)
        warnings.push_back(base::cat("database ", path, " is older than source file ", file, "; ",
                                     rebuild_hint(file)));
    auto table = std::make_unique<IndexTable>(spec, file, index);
    auto opened = table->open(path);
    if (!opened)
        return opened.error();
    return std::unique_ptr<Table>(std::move(table));
}

base::Result<std::vector<std::pair<std::string, std::string>>>
index_entries(const std::string& file, Index index)
{
    auto reader = open_reader(index_path(file, index).value_or(file + ".lmdb"));
    if (!reader)
        return reader.error();
    return std::visit([](const auto& open) { return open.all(); }, *reader);
}

} // namespace table
