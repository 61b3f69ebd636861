// SPDX-License-Identifier: Apache-2.0
// What postqueue shows of searches and explanations.
#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>

#include "tools/postqueue/advice.h"
#include "tools/postqueue/format.h"
#include "tools/postqueue/options.h"
#include "tools/postqueue/why_page.h"

namespace postqueue {
namespace {

using namespace ipc::qmgr;

const base::WallTime now = base::from_unix_seconds(1'700'100'000);

class PostqueueFound : public ::testing::Test {
protected:
    PostqueueFound()
    {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
};

FoundMessage found()
{
    FoundMessage message;
    message.queue_id = "0F5383D";
    message.queue = "deferred";
    message.arrival = now - std::chrono::hours(5);
    message.next_attempt = now + std::chrono::minutes(5);
    message.size = 5360;
    message.sender = "a b@sender.example";
    message.recipient_count = 2;
    message.recipients = {
        {"c@d.example", "relay.example", "later \"x\"\n", {mail::FailureClass::Policy, true}},
        {"e@f.example", "f.example", "", {}}};
    return message;
}

TEST_F(PostqueueFound, JsonSaysWhatTheQueueManagerKnows)
{
    std::string text;
    append_found_json(text, found());
    EXPECT_EQ(text,
              "{\"queue_name\": \"deferred\", \"queue_id\": \"0F5383D\", \"arrival_time\": "
              "1700082000, \"message_size\": 5360, \"forced_expire\": false, \"sender\": \"\\\"a "
              "b\\\"@sender.example\", \"next_attempt\": 1700100300, \"recipient_count\": 2, "
              "\"recipients\": [{\"address\": \"c@d.example\", \"delay_reason\": \"later "
              "\\\"x\\\"?\", \"failure_class\": \"policy\", \"failure_hard\": true, "
              "\"destination\": \"relay.example\"}, "
              "{\"address\": \"e@f.example\", \"destination\": \"f.example\"}]}\n");
    EXPECT_EQ(listed(found()).sender, "\"a b\"@sender.example");
    EXPECT_EQ(listed(found()).recipients[0].reason, "later \"x\"?");
}

TEST_F(PostqueueFound, GroupsAreShownByTheirSize)
{
    search::Groups groups;
    groups.add("small.example", {1, 1, 100, now - std::chrono::minutes(5)});
    groups.add("large.example", {1200, 1300, 4'000'000, now - std::chrono::hours(50)});
    groups.add("", {2, 2, 2048, now});
    std::string text;
    append_groups(text, groups, {search::GroupBy::Destination, false, now});
    EXPECT_EQ(text, "  MESSAGES  RECIPIENTS      KBYTES    OLDEST  DESTINATION\n"
                    "      1200        1300        3906     2d 2h  large.example\n"
                    "         2           2           2        0m  -\n"
                    "         1           1           0        5m  small.example\n");
    text.clear();
    append_groups(text, groups, {search::GroupBy::Sender, true, now});
    EXPECT_EQ(text.substr(text.find('\n') + 1, 76),
              "{\"sender\": \"MAILER-DAEMON\", \"messages\": 2, \"recipients\": 2, \"bytes\": "
              "2048, \"");
}

Explanation explanation()
{
    Explanation message;
    message.found = true;
    message.queue = "deferred";
    message.arrival = now - std::chrono::hours(26);
    message.next_attempt = now + std::chrono::minutes(12);
    message.expires = now + std::chrono::hours(94);
    message.size = 5360;
    message.sender = "sender@example.org";
    message.recipient_count = 4;
    message.waiting = 2;
    mail::Outcome outcome;
    outcome.status = mail::Status::Deferred;
    outcome.dsn = "4.4.1";
    outcome.text = "connect to mx.d.example[192.0.2.1]:25: Connection timed out";
    outcome.relay = "none";
    outcome.when = now - std::chrono::hours(26);
    ExplainedRecipient recipient;
    recipient.recipient = {"c@d.example", "alias@example.org", "", 0};
    recipient.status = mail::Status::Deferred;
    recipient.attempts = 9;
    recipient.history = {{1, outcome}};
    outcome.when = now - std::chrono::hours(1);
    outcome.relay = "mx.d.example[192.0.2.1]:25";
    outcome.dsn = "4.2.2";
    outcome.failure = {mail::FailureClass::MailboxFull, false};
    outcome.text = "host mx.d.example[192.0.2.1] said: 452 4.2.2 full\r\x1b[2J";
    outcome.reply = "452 4.2.2 full";
    recipient.history.push_back({9, outcome});
    auto& state = recipient.destination;
    state.transport = "smtp";
    state.next_hop = "d.example";
    state.summary = "smtp:d.example: dead, next probe in 300.0 s (Connection timed out)";
    state.dead = true;
    state.dead_since = now - std::chrono::minutes(30);
    state.dead_until = now + std::chrono::minutes(5);
    state.concurrency = 5;
    state.waiting = 7;
    state.rate_delay = std::chrono::seconds(2);
    message.recipients.push_back(recipient);
    ExplainedRecipient fresh;
    fresh.recipient.address = "e@f.example";
    message.recipients.push_back(fresh);
    return message;
}

TEST_F(PostqueueFound, WhyIsAPageThatCanBeRead)
{
    std::string page;
    append_why(page, "0F5383D", explanation(), now);
    EXPECT_EQ(page, R"(0F5383D: deferred, from sender@example.org, 5360 bytes
  came 2023-11-15 00:00:00 (1d 2h ago)
  next try 2023-11-16 02:12:00 (in 12m)
  goes back to its sender after 2023-11-20 00:00:00 (in 3d 22h)
  2 of 4 recipients wait

  to c@d.example (for alias@example.org): deferred, 9 tries
    1. 2023-11-15 00:00:00  none  deferred 4.4.1
       connect to mx.d.example[192.0.2.1]:25: Connection timed out
    ... 7 more that are not kept
    9. 2023-11-16 01:00:00  mx.d.example[192.0.2.1]:25  deferred 4.2.2  mailbox-full (soft)
       host mx.d.example[192.0.2.1] said: 452 4.2.2 full??[2J
    goes by smtp to d.example
    smtp:d.example: dead, next probe in 300.0 s (Connection timed out)
    given up since 2023-11-16 01:30:00 (30m ago), until 2023-11-16 02:05:00 (in 5m)
    0 in delivery, at most 5 side by side, 7 recipients in line, one every 2 s
)"
                    R"(    -> The recipient must make room; wait, or reach them another way.
    -> Its destination is left alone after failures. Once that is back, )"
                    R"(try at once: postqueue -s d.example
    -> Try it now: postqueue -i 0F5383D
    -> Return it to its sender now: postsuper -f 0F5383D

  to e@f.example: not tried yet
    -> Try it now: postqueue -i 0F5383D
    -> Return it to its sender now: postsuper -f 0F5383D
)");
}

TEST_F(PostqueueFound, WhyBlamesTheRightHostAndShowsSeconds)
{
    Explanation message = explanation();
    message.arrival = now - std::chrono::seconds(5);
    auto& recipient = message.recipients.front();
    auto& outcome = recipient.history.back().outcome;
    outcome.dsn = "4.3.5";
    std::string page;
    append_why(page, "0F5383D", message, now);
    EXPECT_NE(page.find("(5s ago)"), std::string::npos) << page;
    outcome.mta.clear();
    append_why(page, "0F5383D", message, now);
    EXPECT_NE(page.find("-> This host is not set up right"), std::string::npos) << page;
    recipient.destination.dead = false;
    recipient.destination.waiting = 0;
    recipient.destination.rate_delay = {};
    page.clear();
    append_why(page, "0F5383D", message, now);
    EXPECT_EQ(page.find("side by side"), std::string::npos) << page;
}

TEST_F(PostqueueFound, WhyInJsonIsOneLine)
{
    std::string line;
    append_why_json(line, "0F5383D", explanation());
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    for (const char* part :
         {"\"queue_id\": \"0F5383D\"", "\"next_attempt\": 1700100720", "\"expires\": 1700438400",
          "\"tries\": 9", "\"relay\": \"mx.d.example[192.0.2.1]:25\"", "\"dead\": true",
          "\"dead_since\": 1700098200", "\"rate_delay\": 2", "\"reply\": \"452 4.2.2 full\"",
          "\"orig_address\": \"alias@example.org\"", "full??[2J"})
        EXPECT_NE(line.find(part), std::string::npos) << part << '\n' << line;
}

TEST_F(PostqueueFound, AdviceFitsTheQueue)
{
    Explanation message;
    const struct {
        const char* queue;
        const char* says;
    } rows[] = {{"hold", "postsuper -H ABCDEF1"},
                {"active", "nothing has to be done"},
                {"incoming", "postfix status"},
                {"maildrop", "pickup"},
                {"deferred", "postqueue -i ABCDEF1"}};
    for (const auto& row : rows) {
        message.queue = row.queue;
        const auto all = advice("ABCDEF1", message, {});
        ASSERT_FALSE(all.empty());
        EXPECT_NE(all[0].find(row.says), std::string::npos) << all[0];
    }
}

TEST_F(PostqueueFound, AdviceForASuppressedAddressIsToClearItFirst)
{
    Explanation message = explanation();
    message.queue = "hold";
    ExplainedRecipient& recipient = message.recipients[0];
    auto& outcome = recipient.history.back().outcome;
    outcome.mta.clear();
    outcome.text = "held: mail to this address has failed before";
    const auto all = advice("ABCDEF1", message, recipient);
    ASSERT_GE(all.size(), 2u);
    EXPECT_NE(all[0].find("postfix bounces clear c@d.example"), std::string::npos) << all[0];
    EXPECT_NE(all[1].find("postsuper -H ABCDEF1"), std::string::npos) << all[1];
    std::string page;
    append_why(page, "ABCDEF1", message, now);
    EXPECT_EQ(page.find("goes back to its sender"), std::string::npos) << page;
}

base::Result<Options> parse(std::vector<std::string> words)
{
    words.insert(words.begin(), "postqueue");
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    return parse_options(static_cast<int>(words.size()), argv.data());
}

TEST(PostqueueOptions, TakeFiltersWhereTheyHaveAMeaning)
{
    EXPECT_EQ(parse({"-p", "--sender", "a@b", "--older", "2h"})->terms.size(), 2u);
    EXPECT_EQ(parse({"--list", "--json"})->action, Action::ShowJson);
    EXPECT_EQ(parse({"--count"})->action, Action::Count);
    EXPECT_EQ(parse({"--group-by", "recipient-domain"})->group_by, search::GroupBy::Domain);
    EXPECT_EQ(parse({"--why", "x.example", "--json"})->argument, "x.example");
    EXPECT_TRUE(parse({"--flush", "--class=dns", "--dry-run"})->dry_run);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"--sender", "a@b"}, // No action.
          {"-p", "--older", "soon"},
          {"-p", "--dry-run"},
          {"-i", "ABCDEF1", "--sender", "a@b"},
          {"-s", "x.example", "--json"},
          {"--why", ""},
          {"--why", "x", "--sender", "y"},
          {"--group-by", "weather"},
          {"--count", "-p"},
          {"-p", "--colour", "red"}})
        EXPECT_FALSE(parse(words)) << words[0];
}

} // namespace
} // namespace postqueue
