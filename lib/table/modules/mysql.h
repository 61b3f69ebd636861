// SPDX-License-Identifier: Apache-2.0
// mysql: tables, mysql_table(5).
#pragma once

#include "lib/table/modules/sql_server.h"

namespace table {

class MysqlModule final : public SqlServerModule {
public:
    MysqlModule();

private:
    Servers::Connect connector(const TableSettings& settings) override;
    std::unique_ptr<Source> source(std::shared_ptr<Servers> servers, std::string query,
                                   const TableSettings& settings, Notes& notes) override;
};

} // namespace table
