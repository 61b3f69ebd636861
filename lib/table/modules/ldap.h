// SPDX-License-Identifier: Apache-2.0
// ldap: tables, ldap_table(5).
#pragma once

#include "lib/table/module.h"

namespace table {

class LdapConnection;

class LdapModule final : public Module {
public:
    std::span<const ModuleSetting> settings() const override;
    base::Result<std::unique_ptr<Source>> open(const TableSettings& settings,
                                               Notes& notes) override;
    void tidy() override;

private:
    std::shared_ptr<LdapConnection> connection_of(const TableSettings& settings);

    std::map<std::string, std::weak_ptr<LdapConnection>> connections_;
};

} // namespace table
