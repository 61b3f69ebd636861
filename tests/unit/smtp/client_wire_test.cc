// SPDX-License-Identifier: Apache-2.0
#include "lib/smtp/client_wire.h"

#include <gtest/gtest.h>

#include "lib/base/task.h"
#include "tests/unit/smtp/client_script.h"

using smtp::ClientStage;
using smtp::WireStatus;

namespace {

struct Wire {
    explicit Wire(std::string_view script) : server(script) {}

    smtp::test::ScriptedServer server;
    smtp::ClientSettings settings;
    smtp::RemoteServer remote;
    base::ManualClock clock;
    base::Log log;
    smtp::ClientWire wire{smtp::ClientContext{settings, remote, server, clock, log}};
};

base::Task<void> send_noop(smtp::ClientWire& wire, WireStatus& status)
{
    status = co_await wire.command(ClientStage::RsetProbe, "NOOP");
}

WireStatus noop(Wire& t)
{
    WireStatus status = WireStatus::Garbled;
    base::Scope scope;
    scope.spawn(send_noop(t.wire, status));
    return status;
}

} // namespace

TEST(ClientWire, ReadsOneReplyAndKnowsOfMore)
{
    Wire t("C: NOOP\nS: 250 a\nS: 250 b\n");
    EXPECT_EQ(noop(t), WireStatus::Ok);
    EXPECT_EQ(t.wire.reply().text, "250 a");
    EXPECT_TRUE(t.wire.has_unread());
    EXPECT_EQ(t.wire.stage(), ClientStage::RsetProbe);
}

TEST(ClientWire, DiesOfFailuresAnd421AndSendsNothingAfterwards)
{
    for (const char* end : {"S: 421 bye\n", "close\n", "timeout\n", "S+ 25\nclose\n"}) {
        Wire t(std::string("C: NOOP\n") + end);
        noop(t);
        EXPECT_TRUE(t.wire.dead()) << end;
        EXPECT_EQ(noop(t), WireStatus::Lost) << end;
        EXPECT_EQ(t.server.all_sent(), "NOOP\r\n") << end;
    }
}
