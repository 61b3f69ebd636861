// SPDX-License-Identifier: Apache-2.0
// proxymap's allow-list.
#include "services/proxymap/server.h"

#include "lib/base/log_sinks.h"
#include "tests/unit/table/support.h"

namespace proxymap {
namespace {

std::string asked(Server& server, std::string table, std::string key)
{
    ipc::proxymap::Lookup request;
    request.table = std::move(table);
    request.key = std::move(key);
    auto answer = test::run(server.on(std::move(request)));
    if (!answer)
        return answer.error().temporary() ? "temporary" : "refused";
    return answer->found ? answer->value : "none";
}

TEST(Proxymap, AnswersAboutListedTablesOnly)
{
    base::MemoryLogSink log;
    base::LogSink* before = base::set_log_sink(&log);
    table::Tables tables{{}};
    unsigned refreshed = 0;
    Server server(tables,
                  approved_tables({"proxy:inline:{k=v}", "proxy:unix:passwd.byname", "static:x",
                                   "proxy:fail:x", "example.com"},
                                  {}, {}),
                  [&] { ++refreshed; });
    EXPECT_EQ(asked(server, "inline:{k=v}", "K"), "v");
    EXPECT_EQ(asked(server, "inline:{k=v}", "z"), "none");
    EXPECT_TRUE(asked(server, "unix:passwd.byname", "root").starts_with("root:"));
    EXPECT_EQ(asked(server, "static:x", "k"), "refused");
    EXPECT_EQ(asked(server, "texthash:/etc/passwd", "k"), "refused");
    EXPECT_EQ(asked(server, "unix:group.byname", "root"), "refused");
    EXPECT_EQ(asked(server, "", "k"), "refused");
    EXPECT_EQ(asked(server, "fail:x", "k"), "temporary");
    EXPECT_EQ(refreshed, 4u) << "once before each look-up";
    base::set_log_sink(before);
}

TEST(Proxymap, FewProcessesServeMoreClientsEach)
{
    EXPECT_EQ(client_limit(1, 0), 1);
    EXPECT_EQ(client_limit(1, 100), 1);
    EXPECT_EQ(client_limit(1, 10), 7);
    EXPECT_EQ(client_limit(1, 1), 64);
    EXPECT_EQ(client_limit(200, 1), 200);
}

TEST(Proxymap, AnswersAboutDatabasesThatTheConfigurationNames)
{
    config::Faults faults;
    const auto main = config::MainCf::parse(
        "virtual_alias_maps = mysql:/a, proxy:mysql:/b pipemap:{pgsql:/c,inline:{k=v}}\n"
        "mine = check_sender_access ldap:$base/d\nbase = /etc\nbroken = mysql:${x\n"
        "other = hash:/e unix:passwd.byname mysql:\n",
        "main.cf", faults);
    const auto master = config::MasterCf::parse(
        "smtp inet n - - - - smtpd -o relay_recipient_maps=sqlite:$base/f\n", "master.cf", {},
        faults);
    EXPECT_EQ(
        approved_tables({"proxy:unix:passwd.byname", "proxy:mysql:/g", "hash:/h"}, main, master),
        (Approved{"ldap:/etc/d", "mysql:/a", "mysql:/g", "pgsql:/c", "sqlite:/etc/f",
                  "unix:passwd.byname"}));
}

} // namespace
} // namespace proxymap
