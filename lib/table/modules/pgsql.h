// SPDX-License-Identifier: Apache-2.0
// pgsql: tables, pgsql_table(5).
#pragma once

#include "lib/table/modules/sql_server.h"

namespace table {

class PgsqlModule final : public SqlServerModule {
public:
    PgsqlModule();

private:
    Servers::Connect connector(const TableSettings& settings) override;
    std::unique_ptr<Source> source(std::shared_ptr<Servers> servers, std::string query,
                                   const TableSettings& settings, Notes& notes) override;
};

} // namespace table
