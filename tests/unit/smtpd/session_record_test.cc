// SPDX-License-Identifier: Apache-2.0
// The record of a session: kinds of trouble, and what is not shown.
#include "smtpd/session_record.h"

#include <gtest/gtest.h>

#include "lib/config/notify_class.h"

namespace smtpd {
namespace {

namespace n = config::notify_class;

TEST(SessionRecord, KnowsTheClassOfARefusal)
{
    struct Case {
        const char* reply;
        unsigned want;
    };
    const Case cases[] = {
        {"250 2.1.0 Ok", 0},
        {"354 End data with <CR><LF>.<CR><LF>", 0},
        {"", 0},
        {"500 5.5.2 Error: command not recognized", n::protocol},
        {"503 5.5.1 Error: need MAIL command", n::protocol},
        {"501 5.1.7 Bad sender address syntax", n::protocol},
        {"554 5.5.1 Error: no valid recipients", 0},
        {"452 4.5.3 Error: too many recipients", 0},
        {"459 <x>: service unavailable", 0},
        {"554 5.5.0 Error: SMTP protocol synchronization", n::protocol},
        {"521 5.5.4 Syntax: BDAT count [LAST]", n::protocol},
        {"550 5.1.1 <a@b>: Recipient address rejected: User unknown in local recipient table",
         n::bounce},
        {"450 4.1.1 <a@b>: Recipient address rejected: User unknown in virtual alias table",
         n::bounce},
        {"550 5.1.0 <a@b>: Sender address rejected: User unknown in local recipient table",
         n::bounce},
        {"450 4.3.0 <a@b>: Recipient address rejected: come back", n::bounce},
        {"552 5.3.4 Error: message file too big", n::bounce},
        {"554 5.4.0 Error: too many hops", n::bounce},
        {"421 4.7.0 host Error: too many errors", n::protocol},
        {"504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname", n::policy},
        {"554 5.7.1 <a@b>: Sender address rejected: go away", n::policy},
        {"450 4.7.1 <a@b>: Recipient address rejected: Greylisted", n::policy},
        {"552 5.3.4 Message size exceeds fixed limit", n::policy},
        {"452 4.3.1 Insufficient system storage", n::resource},
        {"451 4.3.0 Error: queue file write error", n::resource},
        {"451 4.3.5 Server configuration error", n::software},
        {"451 4.3.0 <a@b>: Temporary lookup failure", n::data},
    };
    for (const Case& c : cases)
        EXPECT_EQ(class_of_reply(c.reply), c.want) << c.reply;
}

TEST(SessionRecord, ForgetsTroubleOnceAMessageWasTaken)
{
    SessionRecord record;
    record.said("554 5.7.1 <a@b>: Sender address rejected: go away\r\n");
    EXPECT_EQ(record.classes(), n::policy);
    record.said("250 2.0.0 Ok: queued as 1234\r\n");
    EXPECT_EQ(record.classes(), 0u);
    record.said("500 5.5.2 Error: command not recognized\r\n");
    EXPECT_EQ(record.classes(), n::protocol);
}

TEST(SessionRecord, ShowsNoSecrets)
{
    SessionRecord record;
    record.heard("auth plain AHVzZXIAc2VjcmV0\r\n");
    record.heard("AUTH LOGIN\r\n");
    record.said("334 UGFzc3dvcmQ6\r\n");
    record.heard("c2VjcmV0\r\n");
    record.said("535 5.7.8 Error: authentication failed\r\n");
    record.heard("QUIT\r\n");
    record.ended("lost connection");
    EXPECT_EQ(record.classes(), n::policy);
    EXPECT_EQ(record.letter(), "Transcript of session follows.\r\n\r\n In:  AUTH plain\r\n In:  "
                               "AUTH LOGIN\r\n Out: 334 UGFzc3dvcmQ6\r\n In:  (not shown)\r\n "
                               "Out: 535 5.7.8 Error: authentication failed\r\n In:  QUIT\r\n\r\n"
                               "Session aborted, reason: lost connection\r\n\r\nFor other "
                               "details, see the local mail logfile\r\n");
}

} // namespace
} // namespace smtpd
