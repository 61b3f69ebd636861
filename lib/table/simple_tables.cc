// SPDX-License-Identifier: Apache-2.0
// Simple table types; see simple_tables.h.
#include "lib/table/simple_tables.h"

#include <algorithm>
#include <cstdlib>
#include <grp.h>
#include <pwd.h>
#include <random>
#include <unistd.h>
#include <unordered_map>

#include "lib/base/strings.h"
#include "lib/config/lines.h"

namespace table {

namespace {

const std::optional<std::string> nothing;

class StaticTable final : public Table {
public:
    StaticTable(const std::string& name, std::string_view value)
        : Table(name, Keys::Exact), value_(value)
    {
    }

protected:
    Found find(std::string_view) override { return std::optional(value_); }

private:
    std::string value_;
};

class FailingTable final : public Table {
public:
    FailingTable(const std::string& name, base::Error why, std::vector<std::string> missing)
        : Table(name, Keys::Exact), why_(std::move(why)), missing_(std::move(missing))
    {
    }

    bool stale() override
    {
        return std::any_of(missing_.begin(), missing_.end(), [](const std::string& path) {
            return ::access(path.c_str(), F_OK) == 0;
        });
    }

protected:
    Found find(std::string_view) override { return why_; }

private:
    base::Error why_;
    std::vector<std::string> missing_;
};

using Entries = std::unordered_map<std::string, std::string>;

class MemoryTable final : public Table {
public:
    MemoryTable(const std::string& name, Entries entries)
        : Table(name, Keys::Exact), entries_(std::move(entries))
    {
    }

protected:
    Found find(std::string_view key) override
    {
        auto at = entries_.find(std::string(key));
        return at == entries_.end() ? nothing : std::optional(at->second);
    }

private:
    Entries entries_;
};

class EnvironTable final : public Table {
public:
    explicit EnvironTable(const std::string& name) : Table(name, Keys::Exact) {}

protected:
    Found find(std::string_view key) override
    {
        const char* value = std::getenv(std::string(key).c_str());
        return value == nullptr ? nothing : std::optional(std::string(value));
    }
};

// Larger entries of the user and group databases are errors.
constexpr std::size_t kUnixEntryBytes = 1 << 20;

class PasswdTable final : public Table {
public:
    explicit PasswdTable(const std::string& name) : Table(name, Keys::Exact) {}

protected:
    Found find(std::string_view key) override
    {
        passwd entry{};
        passwd* found = nullptr;
        std::string buffer(4096, '\0');
        int code = 0;
        while ((code = ::getpwnam_r(std::string(key).c_str(), &entry, buffer.data(), buffer.size(),
                                    &found)) == ERANGE &&
               buffer.size() < kUnixEntryBytes)
            buffer.resize(buffer.size() * 4);
        if (found != nullptr)
            return std::optional(base::cat(entry.pw_name, ":", entry.pw_passwd, ":", entry.pw_uid,
                                           ":", entry.pw_gid, ":", entry.pw_gecos, ":",
                                           entry.pw_dir, ":", entry.pw_shell));
        // POSIX lets a system report an unknown name by any of these.
        if (code == 0 || code == ENOENT || code == ESRCH || code == EBADF || code == EPERM)
            return nothing;
        return base::system_error(name(), code);
    }
};

class GroupTable final : public Table {
public:
    explicit GroupTable(const std::string& name) : Table(name, Keys::Exact) {}

protected:
    Found find(std::string_view key) override
    {
        group entry{};
        group* found = nullptr;
        std::string buffer(4096, '\0');
        int code = 0;
        while ((code = ::getgrnam_r(std::string(key).c_str(), &entry, buffer.data(), buffer.size(),
                                    &found)) == ERANGE &&
               buffer.size() < kUnixEntryBytes)
            buffer.resize(buffer.size() * 4);
        if (found != nullptr)
            return std::optional(line(entry));
        if (code == 0 || code == ENOENT || code == ESRCH || code == EBADF || code == EPERM)
            return nothing;
        return base::system_error(name(), code);
    }

private:
    static std::string line(const group& entry)
    {
        std::string text = base::cat(entry.gr_name, ":", entry.gr_passwd, ":", entry.gr_gid, ":");
        for (char** member = entry.gr_mem; *member != nullptr; ++member)
            base::append(text, member == entry.gr_mem ? "" : ",", *member);
        return text;
    }
};

class RandomTable final : public Table {
public:
    RandomTable(const std::string& name, std::vector<std::string> values)
        : Table(name, Keys::Pattern), values_(std::move(values)), random_(std::random_device{}())
    {
    }

protected:
    Found find(std::string_view) override
    {
        return std::optional(values_[random_() % values_.size()]);
    }

private:
    std::vector<std::string> values_;
    std::minstd_rand random_;
};

// One pattern among them makes the whole a pattern: it must not see parts of keys.
Keys keys_of(const std::vector<Table*>& members)
{
    for (const Table* member : members)
        if (member->keys() == Keys::Pattern)
            return Keys::Pattern;
    return Keys::Exact;
}

class CombinedTable : public Table {
public:
    CombinedTable(const std::string& name, std::vector<Table*> members)
        : Table(name, keys_of(members)), members_(std::move(members))
    {
        bool same = !members_.empty();
        for (const Table* member : members_)
            same = same && member->owner() == members_.front()->owner();
        if (same)
            set_owner(members_.front()->owner());
    }
    bool waits() const override
    {
        for (const Table* member : members_)
            if (member->waits())
                return true;
        return false;
    }

protected:
    std::vector<Table*> members_;
};

class UnionTable final : public CombinedTable {
public:
    using CombinedTable::CombinedTable;

protected:
    Found find(std::string_view key) override
    {
        std::string all;
        for (Table* member : members_)
            if (auto failure = add(member->now(key), all))
                return *failure;
        return result(std::move(all));
    }
    base::Task<Found> ask(std::string key) override
    {
        std::string all;
        for (Table* member : members_) {
            auto found = co_await member->lookup(key);
            if (auto failure = add(std::move(found), all))
                co_return *failure;
        }
        co_return result(std::move(all));
    }

private:
    static std::optional<base::Error> add(Found found, std::string& all)
    {
        if (!found)
            return found.error();
        if (*found)
            base::append(all, all.empty() ? "" : ",", **found);
        return std::nullopt;
    }
    static Found result(std::string all)
    {
        return all.empty() ? nothing : std::optional(std::move(all));
    }
};

class PipeTable final : public CombinedTable {
public:
    using CombinedTable::CombinedTable;

protected:
    Found find(std::string_view key) override
    {
        std::optional<std::string> value = std::string(key);
        for (Table* member : members_) {
            auto found = member->now(*value);
            if (!found || !*found)
                return found;
            value = std::move(*found);
        }
        return value;
    }
    base::Task<Found> ask(std::string key) override
    {
        for (Table* member : members_) {
            auto found = co_await member->lookup(key);
            if (!found || !*found)
                co_return found;
            key = std::move(**found);
        }
        co_return std::optional(std::move(key));
    }
};

} // namespace

TablePtr make_static_table(const std::string& name, std::string_view value)
{
    return std::make_unique<StaticTable>(name, unbrace(value));
}

TablePtr make_failing_table(const std::string& name, base::Error why,
                            std::vector<std::string> missing)
{
    return std::make_unique<FailingTable>(name, std::move(why), std::move(missing));
}

base::Result<TablePtr> make_texthash_table(const std::string& name, const std::string& source,
                                           bool fold, Warnings& warnings)
{
    auto text = load_source(source);
    if (!text)
        return text.error();
    Entries entries;
    for (const auto& line : source_lines(*text)) {
        Entry entry;
        std::string why;
        std::string place = base::cat(source, ", line ", line.line, ": ");
        if (!split_entry(line.text, entry, why)) {
            warnings.push_back(place + why);
            continue;
        }
        if (entry.key.back() == ':')
            warnings.push_back(place +
                               "record is in \"key: value\" format; is this an alias file?");
        std::string key = fold ? fold_case(entry.key) : std::string(entry.key);
        if (!entries.emplace(std::move(key), entry.value).second)
            warnings.push_back(base::cat(place, "duplicate entry: \"", entry.key, "\""));
    }
    return TablePtr(std::make_unique<MemoryTable>(name, std::move(entries)));
}

base::Result<TablePtr> make_inline_table(const std::string& name, const std::string& source,
                                         bool fold)
{
    auto parts = brace_list(source);
    if (!parts)
        return base::permanent(
            base::cat("bad syntax: \"", name, "\"; need \"inline:{name=value...}\""));
    Entries entries;
    for (const auto& part : *parts) {
        std::string_view key;
        std::string_view value;
        std::string why;
        if (!config::split_assignment(unbrace(part), key, value, why))
            return base::permanent(
                base::cat(why, ": \"", name, "\"; need \"inline:{name=value...}\""));
        entries[fold ? fold_case(key) : std::string(key)] = value;
    }
    if (entries.empty())
        return base::permanent(
            base::cat("empty table: \"", name, "\"; need \"inline:{name=value...}\""));
    return TablePtr(std::make_unique<MemoryTable>(name, std::move(entries)));
}

TablePtr make_environ_table(const std::string& name)
{
    return std::make_unique<EnvironTable>(name);
}

base::Result<TablePtr> make_unix_table(const std::string& name, std::string_view database)
{
    if (database == "passwd.byname")
        return TablePtr(std::make_unique<PasswdTable>(name));
    if (database == "group.byname")
        return TablePtr(std::make_unique<GroupTable>(name));
    return base::permanent(base::cat("unknown table: ", name));
}

base::Result<TablePtr> make_random_table(const std::string& name, const std::string& list)
{
    auto values = brace_list(list);
    if (!values || values->empty())
        return base::permanent(
            base::cat("bad syntax: \"", name, "\"; need \"randmap:{value...}\""));
    for (auto& value : *values)
        value = unbrace(value);
    return TablePtr(std::make_unique<RandomTable>(name, std::move(*values)));
}

TablePtr make_union_table(const std::string& name, std::vector<Table*> members)
{
    return std::make_unique<UnionTable>(name, std::move(members));
}

TablePtr make_pipe_table(const std::string& name, std::vector<Table*> members)
{
    return std::make_unique<PipeTable>(name, std::move(members));
}

} // namespace table
