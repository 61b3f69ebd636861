// SPDX-License-Identifier: Apache-2.0
// The commands; see command.h.
#include "tools/postmap/command.h"

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/config/main_cf.h"
#include "lib/config/params/common.h"
#include "lib/config/params/postmap.h"
#include "lib/table/tables.h"
#include "tools/postmap/build.h"
#include "tools/postmap/input.h"
#include "tools/postmap/query.h"

namespace postmap {

namespace {

// "type:name"; a plain file name gets the default type.
std::string full_name(const std::string& table, const std::string& default_type)
{
    auto colon = table.find(':');
    bool has_type = colon != std::string::npos && colon != 0 && table.front() != '/';
    return has_type ? table : base::cat(default_type, ":", table);
}

base::Result<Target> writable(const std::string& spec, std::size_t map_size,
                              std::string_view operation)
{
    std::string_view type;
    std::string_view name;
    if (!table::split_table_name(spec, type, name))
        return base::permanent(base::cat("bad table name: ", spec));
    if (is_writable_type(type))
        return Target{spec, std::string(name), map_size};
    if (operation == "delete")
        return base::permanent(base::cat("table ", spec, ": delete operation is not supported"));
    if (std::string fault = table::check_table(spec, {}); !fault.empty())
        return base::permanent(std::move(fault));
    return base::permanent(
        base::cat("unsupported dictionary type: ", type, " does not support bulk-mode creation."));
}

base::Result<int> remove_keys(const std::vector<std::string>& specs, const Options& options,
                              std::size_t map_size)
{
    std::vector<std::string> keys{options.key};
    if (options.key == "-") {
        auto text = read_standard_input();
        if (!text)
            return text.error();
        keys = lines_of(*text);
    }
    bool any = false;
    for (const auto& spec : specs) {
        auto target = writable(spec, map_size, "delete");
        if (!target)
            return target.error();
        for (const auto& key : keys) {
            auto removed = remove(*target, key, options);
            if (!removed)
                return removed.error();
            any = any || *removed;
        }
    }
    return any ? 0 : 1;
}

} // namespace

base::Result<int> run(const Options& options)
{
    config::Faults faults;
    config::PostmapParams params;
    auto main = config::MainCf::load(options.config_directory, faults);
    if (!main)
        return main.error();
    config::CommonParams common;
    common.declare(*main);
    params.declare(*main);
    params.load(*main, faults);
    Options actual = options;
    actual.utf8 = options.utf8 && params.smtputf8_enable();
    auto map_size = static_cast<std::size_t>(params.lmdb_map_size());
    std::vector<std::string> specs;
    for (const auto& table : options.tables)
        specs.push_back(full_name(table, params.default_database_type()));
    if (options.query) {
        auto found = query(*main, specs, actual);
        if (!found)
            return found.error();
        return *found ? 0 : 1;
    }
    if (options.remove)
        return remove_keys(specs, actual, map_size);
    for (const auto& spec : specs) {
        base::Result<void> done;
        if (options.list) {
            done = list(spec, actual);
        } else {
            auto target = writable(spec, map_size, "create");
            done = target ? build(*target, actual) : base::Result<void>(target.error());
        }
        if (!done)
            return done.error();
    }
    return 0;
}

} // namespace postmap
