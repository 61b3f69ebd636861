// SPDX-License-Identifier: Apache-2.0
// Tables in databases; see database_table.h.
#include "lib/table/database_table.h"

#include <sys/stat.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/config/param.h"
#include "lib/table/installed_modules.h"
#include "lib/table/table_file.h"

namespace table {

namespace {

constexpr std::size_t result_bytes = 16 << 20; // More is a mistake in the query.

base::Task<void> store(base::Task<base::Result<bool>> task, std::optional<base::Result<bool>>& into)
{
    into.emplace(co_await std::move(task));
}

class OneSearch final : public Search {
public:
    OneSearch(const std::string& key, const KeyTemplate& format, std::size_t limit,
              const std::string& spec)
        : key_(key), parts_(key_), format_(format), limit_(limit), spec_(spec)
    {
    }
    const AddressParts& parts() const { return parts_; }
    const std::string& key() const override { return key_; }

    bool expand(const std::string& text, const Quote& quote, std::string& out) override
    {
        auto made = KeyTemplate::parse(text);
        return made && made->expand_query(parts_, quote, out);
    }

    bool add(std::string_view value) override
    {
        if (value.empty()) {
            base::Log().warning("table \"", spec_, "\": empty lookup result for: \"", key_,
                                "\" -- ignored");
            return true;
        }
        std::string formatted;
        if (!format_.expand_result(AddressParts(value), parts_, formatted))
            return true;
        if (limit_ != 0 && ++count_ > limit_)
            failure_ = base::cat("Expansion limit exceeded for key: '", key_, "'");
        else if (result_.size() + formatted.size() >= result_bytes)
            failure_ = base::cat("the result for key '", key_, "' is too large");
        else
            base::append(result_, count_any_++ == 0 ? "" : ",", formatted);
        return failure_.empty();
    }

    Found finish(const base::Result<void>& done)
    {
        if (!done)
            return base::temporary(done.error().text);
        if (!failure_.empty())
            return base::temporary(failure_);
        if (result_.empty())
            return std::optional<std::string>{};
        return std::optional(std::move(result_));
    }

private:
    std::string key_;
    AddressParts parts_;
    const KeyTemplate& format_;
    std::size_t limit_;
    const std::string& spec_;
    std::size_t count_ = 0;
    std::size_t count_any_ = 0;
    std::string result_;
    std::string failure_;
};

class DatabaseTable final : public Table {
public:
    explicit DatabaseTable(std::shared_ptr<Database> database)
        : Table(database->spec(), Keys::Exact), database_(std::move(database))
    {
        set_owner(database_->owner());
    }
    bool stale() override { return database_->changed(); }

protected:
    Found find(std::string_view key) override { return database_->find(std::string(key)); }

private:
    std::shared_ptr<Database> database_;
};

} // namespace

void Database::Log::warning(std::string_view text)
{
    base::Log().warning(text);
}

Database::Database(std::string spec, TableSettings settings, KeyTemplate format)
    : spec_(std::move(spec)), settings_(std::move(settings)), result_format_(std::move(format)),
      expansion_limit_(static_cast<std::size_t>(settings_.number("expansion_limit")))
{
}

Database::File Database::look_at(const std::string& path)
{
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0)
        return {.path = path};
    return {path, status.st_ino, status.st_mtim, status.st_uid};
}

base::Result<std::shared_ptr<Database>> Database::open(Place place, const std::string& spec,
                                                       Warnings& warnings)
{
    const auto colon = spec.find(':');
    const std::string name = spec.substr(colon + 1);
    auto module = place.modules.load(spec.substr(0, colon));
    warnings.insert(warnings.end(), place.modules.warnings().begin(),
                    place.modules.warnings().end());
    if (!module)
        return module.error();
    auto settings = read_table_settings(name, place.main, (*module)->settings(), warnings);
    if (!settings)
        return settings.error().in(spec);
    const bool old = !settings->given("result_format") && settings->given("result_filter");
    auto format = KeyTemplate::parse(settings->text(old ? "result_filter" : "result_format"));
    if (!format)
        return format.error().in(spec);
    std::shared_ptr<Database> made(new Database(spec, std::move(*settings), std::move(*format)));
    const std::string& domains = made->settings_.text("domain");
    std::vector<std::string> elements;
    std::string why;
    if (!config::List::parse(domains, elements, why))
        return base::permanent(base::cat(spec, ": domain: ", why));
    made->domains_ = MatchList(place.tables, {.title = base::cat(spec, ": domain")}, elements);
    auto source = (*module)->open(made->settings_, made->log_);
    if (!source)
        return source.error().in(spec);
    made->source_ = std::move(*source);
    if (is_table_file(name))
        made->files_.push_back(look_at(name));
    for (const auto& file : made->source_->files())
        made->files_.push_back({.path = file, .inode = look_at(file).inode});
    return made;
}

bool Database::changed() const
{
    for (const File& file : files_) {
        const File now = look_at(file.path);
        if (now.inode == 0)
            continue; // Out of reach, or being replaced.
        const bool same_time =
            file.modified.tv_sec == 0 || (now.modified.tv_sec == file.modified.tv_sec &&
                                          now.modified.tv_nsec == file.modified.tv_nsec);
        if (now.inode != file.inode || !same_time)
            return true;
    }
    return false;
}

std::optional<uid_t> Database::owner() const
{
    if (!is_table_file(spec_.substr(spec_.find(':') + 1)))
        return 0; // In main.cf.
    return files_.front().owner;
}

// Nothing in a process with database tables waits, so the answer is there at once.
base::Result<bool> Database::in_domains(const AddressParts& key) const
{
    if (domains_.empty())
        return true;
    if (!key.has_domain || key.local.empty() || key.domain.empty())
        return false;
    base::Scope scope;
    std::optional<base::Result<bool>> answer;
    scope.spawn(store(domains_.match(std::string(key.domain)), answer));
    if (!answer)
        return base::temporary("a table of domain cannot be asked without waiting");
    return *answer;
}

Found Database::find(const std::string& key)
{
    if (key.empty())
        base::Log().warning("table \"", spec_, "\": empty query string -- ignored");
    if (key.empty() || !base::is_utf8(key))
        return std::optional<std::string>{};
    OneSearch search(key, result_format_, expansion_limit_, spec_);
    auto eligible = in_domains(search.parts());
    if (!eligible)
        return eligible.error();
    if (!*eligible || !result_format_.fits_result_key(search.parts()))
        return std::optional<std::string>{};
    return search.finish(source_->search(search));
}

std::unique_ptr<Table> make_database_table(std::shared_ptr<Database> database)
{
    return std::make_unique<DatabaseTable>(std::move(database));
}

} // namespace table
