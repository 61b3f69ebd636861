// SPDX-License-Identifier: Apache-2.0
// Tables: all lookup tables of one process. Opens each "type:name" once, while there are still the
// rights and the root directory for it, and keeps it for as long as the process lives.
//
//   table::Tables tables{{.loop = &service.loop()}};              // in main, before the jail
//   table::Maps aliases{tables, "virtual_alias_maps", params.virtual_alias_maps()};
//
// A table that cannot be opened is not a reason to stop: each look-up in it fails, for the time
// being, and mail that depends on it waits. faults() tells about them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/table/source.h"
#include "lib/table/table.h"

namespace config {
class MainCf;
}
namespace events {
class Loop;
}

namespace table {

struct Settings {
    // For proxy: tables, and for tables in databases (mysql: and its like), which block: proxymap
    // looks up in them. Without a loop both are opened in this process, as commands and proxymap
    // itself do.
    events::Loop* loop = nullptr;
    // Says where modules for databases are, and has the parameters of mysql:NAME and its like. Not
    // needed with a loop. Outlives the tables.
    const config::MainCf* main = nullptr;
    std::string proxymap = "private/proxymap"; // Its socket.
    // Type of tables that may block in this process: unix:. Off in daemons that serve the network.
    bool may_block = true;
    // Lines of tables that are left out, and the like, go here instead of into the log.
    Warnings* warnings = nullptr;
};

// "TYPE" and "NAME" of "TYPE:NAME"; false when there is no type or no name.
bool split_table_name(std::string_view spec, std::string_view& type, std::string_view& name);

// Whether a list element is a table: it has a colon, and is no address in brackets.
bool is_table_name(std::string_view element);

// The table types that are built in, sorted.
std::vector<std::string_view> type_names();

// The same, and those whose modules are installed: postconf -m.
std::vector<std::string> available_types(const config::MainCf& main);

// Whether tables of this type are asked by proxymap on behalf of daemons, also without "proxy:".
bool is_asked_by_proxymap(std::string_view type);

// Whether `type` is in type_names(), or known from other mail systems and not in this release. The
// text says what is wrong, for configuration checks; empty when all is well. `parameter` is where
// the table is asked for.
std::string check_table(std::string_view spec, std::string_view parameter);

class Tables {
public:
    explicit Tables(Settings settings);
    Tables(const Tables&) = delete;
    ~Tables();

    // The table, opened now or before. Valid as long as this object.
    Table& open(std::string_view spec, Options options = {});

    // Whether one of the tables has changed so that only a fresh process can read it. Looks at most
    // ten times a second; opens again what it can.
    bool stale(base::MonoTime now);

    // Closes connections to databases that have been idle for long enough. May be called often.
    void tidy();

    // What went wrong at open(), one line each.
    const std::vector<std::string>& faults() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace table
