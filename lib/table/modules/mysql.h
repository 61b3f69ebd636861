// SPDX-License-Identifier: Apache-2.0
// mysql: tables, mysql_table(5).
#pragma once

#include "lib/table/modules/servers.h"

namespace table {

class MysqlModule final : public Module {
public:
    std::span<const ModuleSetting> settings() const override;
    base::Result<std::unique_ptr<Source>> open(const TableSettings& settings,
                                               Notes& notes) override;
    void tidy() override { servers_.tidy(); }

private:
    SharedServers servers_;
};

} // namespace table
