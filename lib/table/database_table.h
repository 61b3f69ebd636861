// SPDX-License-Identifier: Apache-2.0
// Tables in databases: the program's side of mysql:, pgsql:, sqlite: and ldap:. It may block: for
// proxymap and commands.
#pragma once

#include <memory>
#include <string>

#include "lib/table/key_template.h"
#include "lib/table/match_list.h"
#include "lib/table/module.h"
#include "lib/table/table.h"

namespace table {

class InstalledModules;

// What a database table is made of. Several Table objects, with different options, share one.
class Database {
public:
    struct Place {
        Tables& tables; // For tables that `domain` names.
        InstalledModules& modules;
        const config::MainCf* main; // May be null.
    };
    // `spec` is "type:name". Opens no connection. The module outlives the database.
    static base::Result<std::shared_ptr<Database>> open(Place place, const std::string& spec,
                                                        Warnings& warnings);
    Database(const Database&) = delete;

    // The key is folded already. One that is empty or not UTF-8 is in no
    // database.
    Found find(const std::string& key);

    // Whether the table's file, or another one that it opened, is not what it was.
    bool changed() const;
    std::optional<uid_t> owner() const;
    const std::string& spec() const { return spec_; }

private:
    struct File {
        std::string path;
        ino_t inode = 0;
        timespec modified = {}; // Only of the table's own file.
        uid_t owner = 0;
    };
    class Log final : public Notes {
    public:
        void warning(std::string_view text) override;
    };
    Database(std::string spec, TableSettings settings, KeyTemplate format);
    base::Result<bool> in_domains(const AddressParts& key) const;
    static File look_at(const std::string& path);

    std::string spec_;
    Log log_;
    TableSettings settings_;
    KeyTemplate result_format_;
    std::size_t expansion_limit_;
    MatchList domains_;
    std::unique_ptr<Source> source_;
    std::vector<File> files_; // The table's own first, if it has one.
};

std::unique_ptr<Table> make_database_table(std::shared_ptr<Database> database);

} // namespace table
