// SPDX-License-Identifier: Apache-2.0
// Tables of SQL servers, without a server: when one is asked, and which tables share connections.
#include "lib/table/modules/sql_server.h"

#include "lib/table/modules/sql_query.h"
#include "tests/unit/table/modules/support.h"

namespace table {
namespace {

constexpr std::string_view connection_settings[] = {"hosts", "idle_interval", "retry_interval"};

class Echo final : public SqlServerSource {
public:
    using SqlServerSource::SqlServerSource;

private:
    Reply ask(Connection&, const std::string& query, Search& search) override
    {
        search.add(query);
        return {};
    }
};

constexpr ModuleSetting rows[] = {{"hosts"},
                                  {"idle_interval", "60", SettingKind::Seconds},
                                  {"retry_interval", "60", SettingKind::Seconds},
                                  sql_query_setting,
                                  sql_select_setting,
                                  sql_table_setting,
                                  sql_where_setting,
                                  sql_more_setting};

class FakeModule final : public SqlServerModule {
public:
    FakeModule() : SqlServerModule({"fake", rows, connection_settings}) {}
    std::vector<std::string> connected;

private:
    Servers::Connect connector(const TableSettings&) override
    {
        return [this](const ServerAddress& address) {
            connected.push_back(address.text);
            return base::Result<std::unique_ptr<Connection>>(std::make_unique<Connection>());
        };
    }
    std::unique_ptr<Source> source(std::shared_ptr<Servers> servers, std::string query,
                                   const TableSettings&, Notes& notes) override
    {
        return std::make_unique<Echo>(std::move(servers), std::move(query), notes);
    }
};

TEST(SqlServer, IsAskedOnlyForKeysThatFit)
{
    FakeModule module;
    test::Notes notes;
    auto source = module.open(test::settings(module, "hosts = a\nquery = SELECT '%u'\n"), notes);
    test::Search unfit("@x.org");
    ASSERT_TRUE((*source)->search(unfit));
    EXPECT_TRUE(module.connected.empty());
    test::Search fit("user@x.org");
    ASSERT_TRUE((*source)->search(fit));
    EXPECT_EQ(fit.values, std::vector<std::string>{"SELECT '%u'"});
    EXPECT_EQ(module.connected, std::vector<std::string>{"a"});
}

TEST(SqlServer, TablesWithTheSameServersShareThem)
{
    FakeModule module;
    test::Notes notes;
    std::vector<std::unique_ptr<Source>> sources;
    for (const char* text : {"hosts = a\nquery = one\n", "hosts = a\nquery = two\n",
                             "hosts = a\nretry_interval = 5\nquery = three\n"}) {
        sources.push_back(std::move(*module.open(test::settings(module, text), notes)));
        test::Search search("key");
        ASSERT_TRUE(sources.back()->search(search));
    }
    EXPECT_EQ(module.connected, (std::vector<std::string>{"a", "a"}));
}

} // namespace
} // namespace table
