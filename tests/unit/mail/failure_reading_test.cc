// SPDX-License-Identifier: Apache-2.0
// Replies as words: what is left out, what is negated, where sentences begin.
#include "lib/mail/failure_reading.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"

namespace mail {

namespace {

bool keep_list_names(std::string_view word)
{
    return word == "spamhaus";
}

// "!" before what is negated, "/" before the first word of a sentence.
std::string words_of(std::string_view text)
{
    const FailureReading reading("", text, keep_list_names);
    std::string all;
    for (const auto& word : reading.words())
        base::append(all, all.empty() ? "" : " ", word.opens ? "/" : "", word.negated ? "!" : "",
                     word.text);
    return all;
}

struct Case {
    std::string_view text;
    std::string_view want;
};

constexpr Case cases[] = {
    {"", ""},
    {"550 5.1.1 <a@b.example>: User unknown", "user unknown"},
    {"550-5.1.1 User\r\n550 5.1.1 unknown", "user unknown"},
    {"USER Not Found", "user !found"},
    {"The user could not be found here", "the user could !be !found here"},
    {"user doesn't exist", "user !exist"},
    {"user doesn\xe2\x80\x99t exist", "user !exist"},
    {"no such user here", "!such !user here"},
    {"is not a valid mailbox", "is !a !valid !mailbox"},
    {"not accepted by recipient", "!accepted by recipient"},
    {"failed to find user", "failed !to !find user"},
    {"SPF check failed", "spf check failed"},
    {"Mailbox full. Try later", "mailbox full /try later"},
    {"Not here. Found there", "!here /found there"},
    {"RESOLVER.ADR.NotFound; not found", "resolver adr notfound /!found"},
    {"client [192.0.2.1] blocked", "client ip blocked"},
    {"blocked, see https://www.spamhaus.org/query/blocked?user=full", "blocked see spamhaus"},
    {"mail.user.full.example.com said no", "said"},
    {"error writing /var/mail/user: full", "error writing path full"},
    {"command |/usr/bin/vacation in ~/vacation/msg", "command path in path"},
    {"550 a@b.example...User unknown", "user unknown"},
    {"Bo\xc3\xaete pleine, \xc3\x9c"
     "berf\xc3\xbcllt, gro\xc3\x9f",
     "boite pleine uberfullt gross"},
    {"\xd0\x9f\xd0\x9e\xd0\x9b\xd0\xa3", "\xd0\xbf\xd0\xbe\xd0\xbb\xd1\x83"},
    {"X-Notes; User a $B$O(B b $B8+$D$+$j(B", "user a は b 〓つかり"},
    {"\x1b$B$j\x1b(B, \x1b$B%f!<\x1b(B", "り ユ〓"},
    {"costs $B1(B or $BUY (B", "costs b1 b or buy b"},
    {"smtp; 550 User unknown", "user unknown"},
    {"host mx.b.example[192.0.2.1] said: 550 User unknown (in reply to RCPT TO command)",
     "user unknown"},
    {"5.1.0 - Unknown address error 550-'Mailbox full' (delivery attempts: 0)",
     "mailbox full delivery attempts 0"},
    {"SMTP error from remote mail server after RCPT TO:<a@b.example>: 550 No user", "!user"},
    {"host mx.b.example[192.0.2.1] said: nothing", "host ip said nothing"},
};

} // namespace

TEST(FailureReading, TurnsRepliesIntoWords)
{
    for (const Case& one : cases)
        EXPECT_EQ(words_of(one.text), one.want) << one.text;
}

TEST(FailureReading, KeepsCodesApart)
{
    const FailureReading reading("5.7.1", "550-5.1.1 first 550 #5.2.2 last", keep_list_names);
    EXPECT_EQ(reading.code(), 550u);
    ASSERT_EQ(reading.details().size(), 3u);
    EXPECT_EQ(reading.details()[0].subject, 7u);
    EXPECT_EQ(reading.details()[1].number, 1u);
    EXPECT_EQ(reading.details()[2].subject, 2u);
    EXPECT_EQ(FailureReading("", "x-unix; 67", keep_list_names).exit_status(), 67u);
    EXPECT_EQ(FailureReading("", "67 users", keep_list_names).exit_status(), 0u);
    EXPECT_EQ(FailureReading("7.1.1", "5.1 6.1.1 5.1.1000", keep_list_names).details().size(), 0u);
}

TEST(FailureReading, KnowsWhetherItIsForNow)
{
    const auto temporary = [](std::string_view dsn, std::string_view text) {
        return FailureReading(dsn, text, keep_list_names).temporary();
    };
    EXPECT_TRUE(temporary("4.4.3", "Host not found"));
    EXPECT_TRUE(temporary("", "450 Host not found"));
    EXPECT_FALSE(temporary("5.4.4", "Host not found"));
    EXPECT_FALSE(temporary("", ""));
}

TEST(FailureReading, SeesWhereTheRecipientStands)
{
    const auto reading = [](std::string_view text, bool nobody, bool last) {
        const FailureReading one("", text, keep_list_names);
        return one.names_nobody() == nobody && one.ends_with_name() == last;
    };
    EXPECT_TRUE(reading("550 : User unknown", true, false));
    EXPECT_TRUE(reading("550 <a@b.example>: User unknown", false, false));
    EXPECT_TRUE(reading("550 Unknown user a@b.example", false, true));
    EXPECT_TRUE(reading("550 Unknown user <a@b.example>", false, false));
    EXPECT_TRUE(reading("550 a@b.example: unknown", false, false));
    EXPECT_TRUE(reading("", false, false));
}

TEST(FailureReading, KnowsWhichCommandWasRefused)
{
    using Stage = FailureReading::Stage;
    const auto stage = [](std::string_view text) {
        return FailureReading("", text, keep_list_names).stage();
    };
    EXPECT_EQ(stage("550 No"), Stage::Unsaid);
    EXPECT_EQ(stage("host m[192.0.2.1] said: 550 No (in reply to RCPT TO command)"), Stage::Rcpt);
    EXPECT_EQ(stage("550 No (in reply to end of DATA command)"), Stage::Data);
    EXPECT_EQ(stage("550 No (in reply to MAIL FROM command)"), Stage::Mail);
    EXPECT_EQ(stage("host m[192.0.2.1] refused to talk to me: 554 No"), Stage::Hello);
    EXPECT_EQ(stage("192.0.2.1 does not like recipient. Remote host said: 550 No"), Stage::Rcpt);
}

TEST(FailureReading, StopsAtItsLimits)
{
    std::string text;
    while (text.size() < 4 * failure_text_limit)
        text += "a ";
    const FailureReading many("", text, keep_list_names);
    EXPECT_EQ(many.words().size(), failure_word_limit);
    const FailureReading one("", std::string(4 * failure_text_limit, 'a'), keep_list_names);
    ASSERT_EQ(one.words().size(), 1u);
    EXPECT_EQ(one.words()[0].text.size(), failure_text_limit);
    EXPECT_EQ(words_of("\xc3"), "\xc3");
    EXPECT_EQ(words_of(std::string_view("\0\xff;\x80", 4)), "\x80");
}

} // namespace mail
