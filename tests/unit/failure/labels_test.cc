// SPDX-License-Identifier: Apache-2.0
// Tables first, then the rules.
#include "lib/failure/labels.h"

#include <gtest/gtest.h>

#include "lib/event/loop.h"

namespace failure {

namespace {

mail::Outcome outcome_of(mail::Status status, std::string reply)
{
    mail::Outcome outcome;
    outcome.status = status;
    outcome.dsn = reply.substr(4, 5);
    outcome.text = "host said: " + reply;
    outcome.reply = std::move(reply);
    outcome.mta = "mx";
    return outcome;
}

base::Task<void> label(Labels& labels, mail::Outcome& outcome, Labels::By& by)
{
    by = co_await labels.label(outcome);
}

} // namespace

TEST(Labels, AsksTheTablesFirst)
{
    events::Loop loop;
    table::Tables tables{{.loop = &loop}};
    Labels labels{{tables,
                   "failure_class_maps",
                   {"regexp:{{/^554 5\\.0\\.0 Konto/ bad-address (hard)} "
                    "{/^- 4\\.4\\.1 .*odd/ tls}}",
                    "inline:{{552-5.5.5=loop},{5.6.6=content},{556=dns hard},"
                    "{5.7.7=nonsense}}"}}};
    const struct {
        std::string_view name;
        std::string reply;
        mail::Status status;
        std::string want;
        Labels::By by = Labels::By::Tables;
    } table[] = {
        {"pattern", "554 5.0.0 Konto aufgeloest", mail::Status::Bounced, "bad-address (hard)"},
        {"a deferral is never hard", "554 5.0.0 Konto weg", mail::Status::Deferred,
         "bad-address (soft)"},
        {"code and dsn", "552 5.5.5 whatever", mail::Status::Bounced, "loop (soft)"},
        {"dsn", "550 5.6.6 whatever", mail::Status::Bounced, "content (soft)"},
        {"code", "556 5.9.9 whatever", mail::Status::Bounced, "dns (hard)"},
        {"no class: the rules", "550 5.7.7 user unknown", mail::Status::Bounced,
         "bad-address (hard)", Labels::By::Rules},
        {"rules", "552 5.2.2 over quota", mail::Status::Bounced, "mailbox-full (soft)",
         Labels::By::Rules},
        {"sent", "250 2.0.0 ok", mail::Status::Sent, "", Labels::By::Nobody},
    };
    for (const auto& row : table) {
        mail::Outcome outcome = outcome_of(row.status, row.reply);
        base::Scope scope;
        Labels::By by = Labels::By::Nobody;
        scope.spawn(label(labels, outcome, by));
        EXPECT_EQ(by, row.by) << row.name;
        EXPECT_EQ(mail::failure_text(outcome.failure), row.want) << row.name;
    }
}

TEST(Labels, MakesKeys)
{
    mail::Outcome outcome = outcome_of(mail::Status::Bounced, "550-5.1.1 no\r\n550 5.1.1 body");
    EXPECT_EQ(table_key(outcome), "550 5.1.1 no body");
    outcome.reply.clear();
    outcome.dsn = "4.4.1";
    outcome.text = "connect to mx: Connection timed out";
    EXPECT_EQ(table_key(outcome), "- 4.4.1 connect to mx: Connection timed out");
}

} // namespace failure
