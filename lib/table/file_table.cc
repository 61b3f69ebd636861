// SPDX-License-Identifier: Apache-2.0
// Tables in LMDB files; see file_table.h.
#include "lib/table/file_table.h"

#include <sys/stat.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/table/lmdb_file.h"

namespace table {

namespace {

class LmdbTable final : public Table {
public:
    LmdbTable(const std::string& spec, std::string path, LmdbReader reader)
        : Table(spec, Keys::Exact), path_(std::move(path)), reader_(std::move(reader))
    {
        set_owner(reader_.owner());
    }

    bool stale() override
    {
        if (reader_.is_current(path_))
            return false;
        auto fresh = LmdbReader::open(path_);
        if (!fresh)
            return true;
        reader_ = std::move(*fresh);
        set_owner(reader_.owner());
        return false;
    }

protected:
    Found find(std::string_view key) override
    {
        auto found = reader_.find(key);
        if (!found)
            return found.error().in(base::cat("table ", name()));
        return found;
    }

private:
    std::string path_;
    LmdbReader reader_;
};

std::string rebuild_hint(const std::string& file)
{
    return base::cat("run \"postmap ", file, "\" (for aliases: \"postalias ", file, "\")");
}

} // namespace

base::Result<std::unique_ptr<Table>> make_lmdb_table(const std::string& spec,
                                                     const std::string& file, Warnings& warnings)
{
    std::string path = file + ".lmdb";
    struct stat source = {};
    struct stat database = {};
    if (::stat(path.c_str(), &database) != 0) {
        auto error = base::system_error(base::cat("open database ", path), errno);
        return base::temporary(base::cat(error.text, "; ", rebuild_hint(file)));
    }
    if (::stat(file.c_str(), &source) == 0 && source.st_mtime > database.st_mtime)
        warnings.push_back(base::cat("database ", path, " is older than source file ", file, "; ",
                                     rebuild_hint(file)));
    auto reader = LmdbReader::open(path);
    if (!reader)
        return reader.error();
    return std::unique_ptr<Table>(
        std::make_unique<LmdbTable>(spec, std::move(path), std::move(*reader)));
}

} // namespace table
