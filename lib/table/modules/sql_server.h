// SPDX-License-Identifier: Apache-2.0
// What the tables of SQL servers have in common beside the query itself (sql_query.h): which
// servers are asked, when none need be, and how a table is opened.
#pragma once

#include "lib/table/modules/servers.h"

namespace table {

class SqlServerSource : public Source {
public:
    // `query` is a template; `notes` outlives this.
    SqlServerSource(std::shared_ptr<Servers> servers, std::string query, Notes& notes)
        : servers_(std::move(servers)), query_(std::move(query)), notes_(notes)
    {
    }
    base::Result<void> search(Search& search) override;

private:
    // Asks over the connection, and adds what comes to `search`.
    virtual Reply ask(Connection& connection, const std::string& query, Search& search) = 0;

    std::shared_ptr<Servers> servers_;
    std::string query_;
    Notes& notes_;
};

// A kind of SQL server says what its tables' files may have, how it connects and how it asks.
class SqlServerModule : public Module {
public:
    // The texts outlive the module. Among the settings: hosts, idle_interval, retry_interval, and
    // those of sql_query.h.
    struct Kind {
        std::string_view name; // "mysql", for messages.
        std::span<const ModuleSetting> settings;
        // What makes a connection: tables with the same values share their servers.
        std::span<const std::string_view> connection_settings;
    };
    explicit SqlServerModule(const Kind& kind) : kind_(kind) {}

    std::span<const ModuleSetting> settings() const final { return kind_.settings; }
    base::Result<std::unique_ptr<Source>> open(const TableSettings& settings, Notes& notes) final;
    void tidy() final { servers_.tidy(); }

private:
    virtual Servers::Connect connector(const TableSettings& settings) = 0;
    virtual std::unique_ptr<Source> source(std::shared_ptr<Servers> servers, std::string query,
                                           const TableSettings& settings, Notes& notes) = 0;

    Kind kind_;
    SharedServers servers_;
};

} // namespace table
