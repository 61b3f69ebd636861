// SPDX-License-Identifier: Apache-2.0
// The command line of sendmail, as the programs of the world write it.
#include "submit/sendmail/options.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"

using sendmail::Mode;
using sendmail::Options;

namespace {

base::Result<Options> parse(std::string_view line)
{
    std::vector<std::string> words;
    for (const auto word : base::split(line, " "))
        words.emplace_back(word == "''" ? "" : word);
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    return sendmail::parse_options(static_cast<int>(words.size()), arguments.data());
}

using Words = std::vector<std::string>;

} // namespace

TEST(SendmailOptions, KnowsTheCallers)
{
    const struct {
        std::string_view line;
        std::optional<std::string> sender;
        bool from_header, dot_ends;
        Words recipients;
    } cases[] = {
        {"sendmail -t -i", {}, true, false, {}},
        {"sendmail -t -i -f a@b.c", "a@b.c", true, false, {}},
        {"sendmail -t -i -fa@b.c", "a@b.c", true, false, {}},
        {"sendmail -FCronDaemon -i -B8BITMIME -oem root", {}, false, false, {"root"}},
        {"sendmail -FCronDaemon -i -odi -oem -oi -t -f root", "root", true, false, {}},
        {"sendmail -FAnacron -odi root", {}, false, true, {"root"}},
        {"sendmail -i -f a@b.c d@e.f g@h.i", "a@b.c", false, false, {"d@e.f", "g@h.i"}},
        {"sendmail -oem -oi -B8BITMIME -f a -N failure -R full -- -x@y",
         "a",
         false,
         false,
         {"-x@y"}},
        {"/usr/lib/sendmail -t", {}, true, true, {}},
        {"sendmail -f a b", "a", false, true, {"b"}},
        {"sendmail -oi -f '' -t", "", true, false, {}},
        {"sendmail -oi -f <> -t", "<>", true, false, {}},
        {"sendmail -G -i -f a b", "a", false, false, {"b"}},
        {"sendmail -t -oi -oem -F name -f a", "a", true, false, {}},
        {"sendmail -i -r a b", "a", false, false, {"b"}},
        {"sendmail -Am -L tag -O Timeout=1 -o x -h 3 -m -U -p x -ohead b", {}, false, true, {"b"}},
        {"sendmail -bm -odb -om -o7 -o8 b", {}, false, true, {"b"}},
        {"sendmail -em -c b", {}, false, true, {"b"}},
    };
    for (const auto& want : cases) {
        auto got = parse(want.line);
        ASSERT_TRUE(got) << want.line << ": " << got.error().text;
        EXPECT_EQ(got->mode, Mode::Submit) << want.line;
        EXPECT_EQ(got->sender, want.sender) << want.line;
        EXPECT_EQ(got->from_header, want.from_header) << want.line;
        EXPECT_EQ(got->dot_ends, want.dot_ends) << want.line;
        EXPECT_EQ(got->recipients, want.recipients) << want.line;
        EXPECT_TRUE(got->warnings.empty()) << want.line;
    }
}

TEST(SendmailOptions, KnowsItsModes)
{
    const struct {
        std::string_view line;
        Mode mode;
        std::string_view flush;
    } cases[] = {
        {"mailq", Mode::ShowQueue, ""},
        {"/usr/bin/mailq", Mode::ShowQueue, ""},
        {"sendmail -bp", Mode::ShowQueue, ""},
        {"newaliases", Mode::Aliases, ""},
        {"sendmail -bi", Mode::Aliases, ""},
        {"sendmail -I", Mode::Aliases, ""},
        {"sendmail -bs", Mode::Dialogue, ""},
        {"smtpd", Mode::Dialogue, ""},
        {"sendmail -bd -q1h", Mode::Daemon, ""},
        {"sendmail -bd -q", Mode::Daemon, ""},
        {"sendmail -q30m", Mode::DoNothing, ""},
        {"sendmail -q30m -t", Mode::DoNothing, ""},
        {"sendmail -q30m -bp", Mode::DoNothing, ""},
        {"sendmail -q30m -bd", Mode::Daemon, ""},
        {"sendmail -bh", Mode::DoNothing, ""},
        {"sendmail -bH x", Mode::DoNothing, ""},
        {"sendmail -q", Mode::Flush, ""},
        {"mailq -q", Mode::Flush, ""},
        {"sendmail -qRexample.com", Mode::FlushSite, "example.com"},
        {"sendmail -qI4ABCDEF", Mode::FlushOne, "4ABCDEF"},
        {"sendmail -bl", Mode::Daemon, ""},
    };
    for (const auto& want : cases) {
        auto got = parse(want.line);
        ASSERT_TRUE(got) << want.line << ": " << got.error().text;
        EXPECT_EQ(got->mode, want.mode) << want.line;
        EXPECT_EQ(got->flush_site + got->flush_id, want.flush) << want.line;
    }
}

TEST(SendmailOptions, RefusesWhatCannotBeDone)
{
    const struct {
        std::string_view line, text;
    } cases[] = {
        {"sendmail -Z a", "usage: sendmail [options]"},
        {"sendmail -f", "usage: sendmail [options]"},
        {"sendmail -bz a", "unsupported: -bz"},
        {"sendmail -qSx", "-qS is not implemented"},
        {"sendmail -qR", "specify: -qRsitename"},
        {"sendmail -qI", "specify: -qIqueueid"},
        {"sendmail -B x a", "-B option needs 8BITMIME or 7BIT"},
        {"sendmail -oA", "-oA requires pathname"},
        {"sendmail -n a", "-n option not supported"},
        {"sendmail -X log a", "unsupported: -Xl"},
        {"sendmail -Xx a", "unsupported: -Xx"},
        {"sendmail -t -bv a", "-t option cannot be used with -bv"},
        {"sendmail -t -bp", "-t can be used only in delivery mode"},
        {"sendmail -bv -N never a", "-N option cannot be used with -bv"},
        {"sendmail -bv -v a", "-v option cannot be used with -bv"},
        {"sendmail -qRx -bp", "-qR can be used only in delivery mode"},
        {"sendmail -q -qI4ABCDEF", "-qI can be used only in delivery mode"},
        {"sendmail -qRx a", "flush site requires no recipient"},
        {"sendmail -qI4ABCDEF a", "flush queue_id requires no recipient"},
        {"/usr/bin/mailq -Z", "usage: mailq [options]"},
        {"sendmail -bp a", "display queue mode requires no recipient"},
        {"newaliases a", "alias initialization mode requires no recipient"},
        {"sendmail -bs a", "stand-alone mode requires no recipient"},
        {"sendmail -bd a", "daemon mode requires no recipient"},
        {"sendmail -q a", "flush queue mode requires no recipient"},
    };
    for (const auto& [line, text] : cases) {
        auto got = parse(line);
        ASSERT_FALSE(got) << line;
        EXPECT_EQ(got.error().text, text) << line;
    }
}

TEST(SendmailOptions, TakesNotifyReturnAndEnvelopeId)
{
    auto got = parse("sendmail -N success,delay -R hdrs -V id1 -B 7bit -C /etc/p/main.cf -F N a");
    ASSERT_TRUE(got);
    EXPECT_EQ(got->dsn_notify, mail::notify::success | mail::notify::delay);
    EXPECT_EQ(got->dsn_return, mail::DsnReturn::Headers);
    EXPECT_EQ(got->dsn_envid, "id1");
    EXPECT_EQ(got->body, mail::BodyType::SevenBit);
    EXPECT_EQ(got->config_directory, "/etc/p");
    EXPECT_EQ(got->full_name, "N");
    EXPECT_EQ(parse("sendmail -N NEVER a")->dsn_notify, mail::notify::never);
    EXPECT_EQ(parse("sendmail -C /etc/p a")->config_directory, "/etc/p");
}

TEST(SendmailOptions, TakesTheWishForSendersOfTheirOwn)
{
    const struct {
        std::string_view line;
        std::optional<std::string> verp;
        std::string_view envid, warning;
        Words recipients;
    } cases[] = {
        {"sendmail -XV a", "", "", "", {"a"}},
        {"sendmail -XV+= -f b a", "+=", "", "", {"a"}},
        {"sendmail -X V+= a", "+=", "", "", {"a"}},
        {"sendmail -iXV-= a", "-=", "", "", {"a"}},
        {"sendmail -XV -XV-= a", "-=", "", "", {"a"}},
        {"sendmail -V+= a",
         "+=",
         "",
         "option -V+= is deprecated with Postfix 2.3; specify -XV+= instead",
         {"a"}},
        {"sendmail -V -f b a",
         "",
         "",
         "option -V is deprecated with Postfix 2.3; specify -XV instead",
         {"a"}},
        {"sendmail -V -oi a", {}, "-oi", "", {"a"}},
        {"sendmail -V id1 a", {}, "id1", "", {"a"}},
        {"sendmail -Vid1 a", {}, "id1", "", {"a"}},
        {"sendmail -V+ a", {}, "+", "", {"a"}},
    };
    for (const auto& want : cases) {
        auto got = parse(want.line);
        ASSERT_TRUE(got) << want.line;
        EXPECT_EQ(got->verp, want.verp) << want.line;
        EXPECT_EQ(got->dsn_envid, want.envid) << want.line;
        EXPECT_EQ(got->warnings.empty() ? "" : got->warnings[0], want.warning) << want.line;
        EXPECT_EQ(got->recipients, want.recipients) << want.line;
    }
}

TEST(SendmailOptions, NamesTheWordThatIsNoNotice)
{
    EXPECT_EQ(parse("sendmail -N delay,foo a")->warnings,
              (Words{"unknown DSN NOTIFY command value \"foo\" in \"delay,foo\"",
                     "bad -N option value -- ignored"}));
}

TEST(SendmailOptions, WarnsOfValuesThatItPassesOver)
{
    const std::string long_id(101, 'x');
    for (const auto& line :
         {std::string("sendmail -N never,delay a"), std::string("sendmail -R foo a"),
          "sendmail -V " + long_id + " a", std::string("sendmail -V x\ty a")}) {
        auto got = parse(line);
        ASSERT_TRUE(got) << line;
        EXPECT_EQ(got->warnings.size(), 1u) << line;
        EXPECT_EQ(got->dsn_notify, 0) << line;
        EXPECT_TRUE(got->dsn_envid.empty()) << line;
    }
}

TEST(SendmailOptions, OneVerboseIsAReportAndTwoAreALog)
{
    EXPECT_EQ(parse("sendmail a")->report(), submit::Report::None);
    EXPECT_EQ(parse("sendmail -v a")->report(), submit::Report::Delivery);
    EXPECT_EQ(parse("sendmail -v -v a")->report(), submit::Report::None);
    EXPECT_EQ(parse("sendmail -bv a")->report(), submit::Report::Trial);
}
