// SPDX-License-Identifier: Apache-2.0
#include "lib/smtp/client_outcome.h"

#include <gtest/gtest.h>

#include "lib/smtp/client_settings.h"

using mail::Status;
using smtp::ClientStage;

namespace {

const smtp::RemoteServer server{"mx.example", "mx.example[192.0.2.1]", "mx.example[192.0.2.1]:25",
                                "example.org", false};
const base::ManualClock tick;
const smtp::OutcomeWriter outcomes(server, tick);

} // namespace

TEST(ClientOutcome, NamesTheServerAndItsReply)
{
    const smtp::ServerReply reply{550, "5.1.1", "550-5.1.1 a\n550 5.1.1 b"};
    const mail::Outcome got = outcomes.said(reply, ClientStage::Rcpt).outcome;
    EXPECT_EQ(got.relay, "mx.example[192.0.2.1]:25");
    EXPECT_EQ(got.mta, "mx.example");
    EXPECT_EQ(got.reply, "550-5.1.1 a 550 5.1.1 b");
    EXPECT_EQ(got.when, tick.wall());
    EXPECT_TRUE(outcomes.broken(smtp::WireStatus::Lost, ClientStage::Rcpt).outcome.mta.empty());
}

TEST(ClientOutcome, TakesDoubtForTemporary)
{
    for (const int code : {0, 199, 220, 354, 450, 600, 999}) {
        const smtp::ServerReply reply{code, smtp::default_enhanced_code(code), "x"};
        const smtp::Attempt got = outcomes.said(reply, ClientStage::Mail);
        EXPECT_EQ(got.outcome.status, Status::Deferred) << code;
        EXPECT_EQ(got.outcome.dsn[0], '4') << code;
        EXPECT_TRUE(got.next_host) << code;
    }
}

TEST(ClientSettings, NameEachStage)
{
    for (int i = 0; i <= static_cast<int>(ClientStage::Quit); ++i) {
        const smtp::StageInfo& info = smtp::stage_info(static_cast<ClientStage>(i));
        EXPECT_FALSE(info.doing.empty());
        EXPECT_FALSE(info.command.empty());
        EXPECT_NE(info.timeout, nullptr);
    }
    EXPECT_EQ(smtp::stage_info(ClientStage::Quit).doing, "sending QUIT");
}
