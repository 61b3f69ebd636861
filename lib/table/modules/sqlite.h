// SPDX-License-Identifier: Apache-2.0
// sqlite: tables, sqlite_table(5).
#pragma once

#include "lib/table/module.h"

namespace table {

class SqliteModule final : public Module {
public:
    std::span<const ModuleSetting> settings() const override;
    // Opens the database's file, which may be out of reach later.
    base::Result<std::unique_ptr<Source>> open(const TableSettings& settings,
                                               Notes& notes) override;
};

// For a text between apostrophes.
bool quote_sqlite(std::string_view part, std::string& out);

} // namespace table
