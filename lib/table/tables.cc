// SPDX-License-Identifier: Apache-2.0
// Tables and the types there are; see tables.h.
#include "lib/table/tables.h"

#include <algorithm>
#include <map>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/config/main_cf.h"
#include "lib/table/cidr_table.h"
#include "lib/table/database_table.h"
#include "lib/table/file_table.h"
#include "lib/table/installed_modules.h"
#include "lib/table/pattern_table.h"
#include "lib/table/proxy_table.h"
#include "lib/table/simple_tables.h"
#include "lib/table/table_file.h"

namespace table {

namespace {

// How deep unionmap:, pipemap: and proxy: may nest.
constexpr int kNesting = 10;
// Between looks at the files.
constexpr auto look_pause = std::chrono::milliseconds(100);

struct Request {
    Tables& tables;
    const Settings& settings;
    std::string spec; // "type:name"
    std::string name;
    Options options;
    Warnings& warnings;
};
using Made = base::Result<TablePtr>;

} // namespace

struct Tables::State {
    struct Opened {
        std::string spec;
        Options options;
        TablePtr table;
    };
    Settings settings;
    std::unique_ptr<ProxyPool> proxy;
    InstalledModules modules; // Before what they have opened.
    std::map<std::string, std::shared_ptr<Database>, std::less<>> databases;
    std::vector<Opened> opened;
    std::vector<std::string> faults;
    std::set<std::string, std::less<>> opening; // Databases, one by another's domain.
    base::MonoTime looked{};
    bool stale = false;

    Made open_remote(std::string_view spec, std::string_view remote);
    Made open_database(Tables& tables, const std::string& spec, Warnings& warnings);
    Made make(Tables& tables, Request& request, std::string_view type);

    void tell(const Warnings& warnings) const
    {
        if (settings.warnings != nullptr)
            settings.warnings->insert(settings.warnings->end(), warnings.begin(), warnings.end());
        for (const auto& warning : warnings)
            if (settings.warnings == nullptr)
                base::Log().warning(warning);
    }
};

namespace {

Made open_texthash(Request& r)
{
    return make_texthash_table(r.spec, r.name, r.options.fold, r.warnings);
}
Made open_lmdb(Request& r)
{
    return make_index_table(r.spec, r.name, Index::Lmdb, r.warnings);
}
Made open_berkeley(Request& r)
{
    return make_index_table(r.spec, r.name, Index::LmdbOrBerkeley, r.warnings);
}
Made open_inline(Request& r)
{
    return make_inline_table(r.spec, r.name, r.options.fold);
}
Made open_static(Request& r)
{
    return make_static_table(r.spec, r.name);
}
Made open_fail(Request& r)
{
    return make_failing_table(
        r.spec, base::temporary(base::cat("table ", r.spec, ": query error: Application error")));
}
Made open_environ(Request& r)
{
    return make_environ_table(r.spec);
}
Made open_random(Request& r)
{
    return make_random_table(r.spec, r.name);
}
Made open_unix(Request& r)
{
    if (!r.settings.may_block)
        return base::permanent(
            base::cat("table ", r.spec, " may block: use proxy:", r.spec, " here"));
    return make_unix_table(r.spec, r.name);
}
Made open_cidr(Request& r)
{
    auto source = load_source(r.name);
    if (!source)
        return source.error();
    return make_cidr_table(r.spec, *source, r.warnings);
}
Made open_pattern(Request& r, Dialect dialect)
{
    auto source = load_source(r.name);
    if (!source)
        return source.error();
    return make_pattern_table(r.spec, *source, dialect, r.options.substitute, r.warnings);
}
Made open_regexp(Request& r)
{
    return open_pattern(r, Dialect::Posix);
}
Made open_pcre(Request& r)
{
    return open_pattern(r, Dialect::Perl);
}

base::Result<std::vector<Table*>> open_members(Request& r)
{
    auto parts = brace_list(r.name);
    if (!parts || parts->empty())
        return base::permanent(base::cat("bad syntax: \"", r.spec, "\"; need \"",
                                         r.spec.substr(0, r.spec.find(':')), ":{type:name...}\""));
    if (std::count(r.spec.begin(), r.spec.end(), '{') > kNesting)
        return base::permanent(base::cat("tables are nested too deep: ", r.spec));
    std::vector<Table*> members;
    for (const auto& part : *parts)
        members.push_back(&r.tables.open(unbrace(part), r.options));
    return members;
}
Made open_union(Request& r)
{
    auto members = open_members(r);
    if (!members)
        return members.error();
    return make_union_table(r.spec, std::move(*members));
}
Made open_pipe(Request& r)
{
    auto members = open_members(r);
    if (!members)
        return members.error();
    return make_pipe_table(r.spec, std::move(*members));
}

struct Type {
    std::string_view name;
    Made (*open)(Request&); // nullptr: proxy:, which needs the client.
};

// Sorted by name. hash: and btree: are the names that configurations have for indexed files.
constexpr Type types[] = {
    {"btree", open_berkeley}, {"cidr", open_cidr},         {"environ", open_environ},
    {"fail", open_fail},      {"hash", open_berkeley},     {"inline", open_inline},
    {"lmdb", open_lmdb},      {"pcre", open_pcre},         {"pipemap", open_pipe},
    {"proxy", nullptr},       {"randmap", open_random},    {"regexp", open_regexp},
    {"static", open_static},  {"texthash", open_texthash}, {"unionmap", open_union},
    {"unix", open_unix},
};

constexpr std::string_view absent_types[] = {"cdb",     "dbm",       "internal", "memcache",
                                             "mongodb", "netinfo",   "nis",      "nisplus",
                                             "sdbm",    "socketmap", "tcp"};

const Type* find_type(std::string_view name)
{
    for (const auto& type : types)
        if (type.name == name)
            return &type;
    return nullptr;
}

// Whose word a table without a database file is, see Table::owner().
std::optional<uid_t> owner_of(std::string_view type, const std::string& name)
{
    if (type == "static" || type == "inline" || type == "randmap" || type == "unix")
        return 0;
    struct stat status = {};
    const bool has_source = type == "texthash" || type == "cidr" || type == "regexp" ||
                            type == "pcre" || is_database_type(type);
    if (is_database_type(type) && !is_table_file(name))
        return 0;
    if (has_source && is_inline_source(name))
        return 0;
    if (!has_source || ::stat(name.c_str(), &status) != 0)
        return std::nullopt;
    return status.st_uid;
}

// The files whose coming could make a table that failed to open a good one.
std::vector<std::string> missing_files(const InstalledModules& modules, std::string_view type,
                                       std::string_view name)
{
    const Type* known = find_type(type);
    std::vector<std::string> paths;
    if (!name.empty() && name.front() == '/')
        paths.emplace_back(name);
    if (is_database_type(type))
        paths.push_back(modules.file_of(type));
    else if (known == nullptr)
        return {};
    else if (known->open == open_lmdb)
        paths = {base::cat(name, ".lmdb")};
    else if (known->open == open_berkeley)
        paths = {base::cat(name, ".lmdb"), base::cat(name, ".db")};
    std::erase_if(paths, [](const auto& path) { return ::access(path.c_str(), F_OK) == 0; });
    return paths;
}

bool is_absent(std::string_view name)
{
    return std::find(std::begin(absent_types), std::end(absent_types), name) !=
           std::end(absent_types);
}

} // namespace

bool split_table_name(std::string_view spec, std::string_view& type, std::string_view& name)
{
    auto colon = spec.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == spec.size())
        return false;
    type = spec.substr(0, colon);
    name = spec.substr(colon + 1);
    return true;
}

bool is_table_name(std::string_view element)
{
    return !element.empty() && element.front() != '[' &&
           element.find(':') != std::string_view::npos;
}

std::vector<std::string_view> type_names()
{
    std::vector<std::string_view> names;
    for (const auto& type : types)
        names.push_back(type.name);
    return names;
}

static InstalledModules::Places module_places(const config::MainCf& main)
{
    InstalledModules::Places places;
    if (auto meta = main.expanded("meta_directory"); meta && !meta->empty())
        places.meta_directory = *meta;
    if (auto shlib = main.expanded("shlib_directory"); shlib && !shlib->empty() && *shlib != "no")
        places.shlib_directory = *shlib;
    return places;
}

std::vector<std::string> available_types(const config::MainCf& main)
{
    std::vector<std::string> types = InstalledModules(module_places(main)).types();
    for (const auto& type : type_names())
        types.emplace_back(type);
    std::sort(types.begin(), types.end());
    return types;
}

std::string check_table(std::string_view spec, std::string_view parameter)
{
    std::string_view type;
    std::string_view name;
    std::string place = parameter.empty() ? std::string() : base::cat(parameter, ": ");
    if (!split_table_name(spec, type, name))
        return base::cat(place, "expecting \"type:name\" form instead of \"", spec, "\"");
    if (type == "proxy")
        return check_table(name, parameter);
    if (is_absent(type))
        return base::cat(place, "table type ", type, " is not available in this release: \"", spec,
                         "\"");
    if (find_type(type) == nullptr && !is_database_type(type))
        return base::cat(place, "unsupported dictionary type: ", type, " in \"", spec, "\"");
    return {};
}

Tables::Tables(Settings settings) : state_(std::make_unique<State>())
{
    state_->settings = std::move(settings);
    if (settings.main != nullptr)
        state_->modules = InstalledModules(module_places(*settings.main));
}

Tables::~Tables() = default;

bool is_asked_by_proxymap(std::string_view type)
{
    return is_database_type(type);
}

// Whether this process asks proxymap for `spec` (without "proxy:"). What we have in memory or in a
// file opened before the jail needs no detour.
static bool needs_proxy(std::string_view type)
{
    return type == "unix" || find_type(type) == nullptr;
}

// In another process. `remote` is what that opens.
Made Tables::State::open_remote(std::string_view spec, std::string_view remote)
{
    if (!proxy)
        proxy = std::make_unique<ProxyPool>(*settings.loop, settings.proxymap);
    return make_proxy_table(std::string(spec), std::string(remote), *proxy);
}

Made Tables::State::open_database(Tables& tables, const std::string& spec, Warnings& warnings)
{
    auto& known = databases[spec];
    if (!known) {
        if (!opening.insert(spec).second)
            return base::permanent(base::cat(spec, ": its domain is the table itself"));
        auto made = Database::open({tables, modules, settings.main}, spec, warnings);
        opening.erase(spec);
        if (!made)
            return made.error();
        known = std::move(*made);
    }
    return make_database_table(known);
}

// `type` and `name` are the parts of `spec`, which is well-formed and of a type that we know.
Made Tables::State::make(Tables& tables, Request& request, std::string_view type)
{
    if (is_database_type(type)) {
        if (settings.loop != nullptr)
            return open_remote(request.spec, request.spec);
        return open_database(tables, request.spec, request.warnings);
    }
    return find_type(type)->open(request);
}

Table& Tables::open(std::string_view spec, Options options)
{
    for (auto& opened : state_->opened)
        if (opened.spec == spec && opened.options == options)
            return *opened.table;
    Warnings warnings;
    std::string_view type;
    std::string_view name;
    std::string wrong = check_table(spec, "");
    Made made = base::permanent(wrong);
    split_table_name(spec, type, name);
    if (wrong.empty() && type == "proxy") {
        std::string_view inner_type = name.substr(0, name.find(':'));
        if (state_->settings.loop == nullptr || !needs_proxy(inner_type))
            return open(name, options);
        made = state_->open_remote(spec, name);
    } else if (wrong.empty()) {
        Request request{*this,   state_->settings, std::string(spec), std::string(name),
                        options, warnings};
        made = state_->make(*this, request, type);
    }
    state_->tell(warnings);
    if (!made) {
        state_->faults.push_back(made.error().text);
        made = make_failing_table(std::string(spec), base::temporary(made.error().text),
                                  missing_files(state_->modules, type, name));
    }
    (*made)->set_options(options);
    if (!(*made)->owner())
        (*made)->set_owner(owner_of(type, std::string(name)));
    state_->opened.push_back({std::string(spec), options, std::move(*made)});
    return *state_->opened.back().table;
}

void Tables::tidy()
{
    state_->modules.tidy();
}

bool Tables::stale(base::MonoTime now)
{
    if (now - state_->looked < look_pause)
        return state_->stale;
    state_->looked = now;
    for (auto& opened : state_->opened)
        state_->stale = opened.table->stale() || state_->stale;
    return state_->stale;
}

const std::vector<std::string>& Tables::faults() const
{
    return state_->faults;
}

} // namespace table
