// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>

#include "lib/service/user_list.h"
#include "tools/postqueue/format.h"
#include "tools/postqueue/options.h"

namespace postqueue {
namespace {

queue::ListedMessage example(queue::Queue queue, std::vector<queue::ListedRecipient> recipients)
{
    queue::ListedMessage message;
    message.queue = queue;
    message.id = "0F5383D";
    message.arrival = base::from_unix_seconds(1'691'255'853); // A day of one digit.
    message.size = 5360;
    message.sender = "sender@example";
    message.recipients = std::move(recipients);
    return message;
}

std::string show(Format& format, const std::vector<queue::ListedMessage>& messages)
{
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    std::string text;
    for (const auto& message : messages)
        format.add(text, message);
    format.finish(text);
    return text;
}

TEST(PostqueueTable, SaysThatTheQueueIsEmpty)
{
    EXPECT_EQ(show(*table_format(false), {}), "Mail queue is empty\n");
}

TEST(PostqueueTable, MarksQueuesAndCountsInTheLastLine)
{
    auto expired = example(queue::Queue::Active, {});
    expired.forced_expire = true;
    EXPECT_EQ(show(*table_format(false),
                   {example(queue::Queue::Active, {{"a@b", ""}}), example(queue::Queue::Hold, {}),
                    example(queue::Queue::Deferred, {}), expired}),
              "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
              "0F5383D*       5360 Sat Aug  5 17:17:33  sender@example\n"
              "                                         a@b\n"
              "\n"
              "0F5383D!       5360 Sat Aug  5 17:17:33  sender@example\n"
              "\n"
              "0F5383D        5360 Sat Aug  5 17:17:33  sender@example\n"
              "\n"
              "0F5383D#       5360 Sat Aug  5 17:17:33  sender@example\n"
              "\n"
              "-- 20 Kbytes in 4 Requests.\n");
}

TEST(PostqueueTable, ShowsAReasonWhereItChanges)
{
    const std::string long_reason(80, 'x');
    const auto text =
        show(*table_format(true),
             {example(queue::Queue::Deferred,
                      {{"a@b", "why"}, {"c@d", "why"}, {"e@f", ""}, {"g@h", long_reason}})});
    const std::string blanks(47, ' ');
    EXPECT_EQ(text, "----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------\n"
                    "0F5383D               5360 Sat Aug  5 17:17:33 sender@example\n" +
                        std::string(73, ' ') + "(why)\n" + blanks + "a@b\n" + blanks + "c@d\n" +
                        std::string(58, ' ') + "(reason unavailable)\n" + blanks + "e@f\n" + "(" +
                        long_reason + ")\n" + blanks + "g@h\n" + "\n-- 5 Kbytes in 1 Request.\n");
}

TEST(PostqueueJson, HasOneObjectForEachLine)
{
    auto message = example(queue::Queue::Deferred, {{"c@d", "te\"xt\\"}, {"e\x01\xff@f", ""}});
    EXPECT_EQ(show(*json_format(), {message}),
              "{\"queue_name\": \"deferred\", \"queue_id\": \"0F5383D\", \"arrival_time\": "
              "1691255853, \"message_size\": 5360, \"forced_expire\": false, \"sender\": "
              "\"sender@example\", \"recipients\": [{\"address\": \"c@d\", \"delay_reason\": "
              "\"te\\\"xt\\\\\"}, {\"address\": \"e\\u0001\xef\xbf\xbd@f\"}]}\n");
    EXPECT_EQ(show(*json_format(), {}), "");
}

base::Result<Options> parse(std::vector<std::string> words)
{
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    return parse_options(static_cast<int>(words.size()), argv.data());
}

TEST(PostqueueOptions, TakeExactlyOneAction)
{
    EXPECT_EQ(parse({"postqueue", "-p"})->action, Action::ShowTable);
    EXPECT_EQ(parse({"/usr/bin/mailq"})->action, Action::ShowTable);
    EXPECT_EQ(parse({"postqueue", "-v", "-c", "/x", "-j"})->config_directory, "/x");
    EXPECT_EQ(parse({"postqueue", "-i", "ABCDEF1"})->argument, "ABCDEF1");
    EXPECT_FALSE(parse({"postqueue"}));
    EXPECT_FALSE(parse({"postqueue", "-p", "-f"}));
    EXPECT_FALSE(parse({"postqueue", "-p", "word"}));
}

TEST(PostqueueOptions, RefuseBadIdsAndSites)
{
    for (const char* id : {"", "../x", "A", "ALL", "-", "ABC DEF", "ABCDEF\n"})
        EXPECT_FALSE(parse({"postqueue", "-i", id})) << id;
    for (const char* site : {"example.com", "a-b.example", "[192.0.2.1]", "[IPv6:2001:db8::1]"})
        EXPECT_TRUE(is_site(site)) << site;
    for (const char* site : {"", ".", "a..b", "-a.b", "a b", "192.0.2.1", "[2001:db8::1]", "[]",
                             "[x]", "@example.com", "example.com.", "a/b"})
        EXPECT_FALSE(is_site(site)) << site;
}

TEST(UserList, IsDecidedByTheFirstMatch)
{
    const struct {
        std::vector<std::string> list;
        bool want;
    } rows[] = {
        {{"static:anyone"}, true},
        {{}, false},
        {{"root", "me"}, true},
        {{"!me", "static:anyone"}, false},
        {{"!you", "static:all"}, true},
        {{"me", "!me"}, true},
        {{"!!me"}, true},
        {{"!static:all", "me"}, false},
    };
    for (const auto& row : rows)
        EXPECT_EQ(*service::is_listed_user(row.list, "me"), row.want);
    EXPECT_FALSE(service::is_listed_user({"hash:/etc/x"}, "me"));
    EXPECT_FALSE(service::is_listed_user({"/etc/users"}, "me"));
    EXPECT_TRUE(service::is_listed_user({"me", "hash:/etc/x"}, "me"));
}

} // namespace
} // namespace postqueue
