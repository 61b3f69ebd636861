// SPDX-License-Identifier: Apache-2.0
// pipe(8) as an agent: what commands get, and what becomes of the recipients.
#include "local/pipe/pipe_agent.h"

#include <csignal>

#include "tests/unit/delivery/child_fixture.h"

namespace pipe_mail::test {
namespace {

using delivery::Delivery;
using mail::Status;

class PipeAgentTest : public delivery::test::ChildTest {
protected:
    PipeAgentTest()
    {
        ::signal(SIGPIPE, SIG_IGN);
        request.queue_id = "Q";
        request.next_hop = "hop.test";
        request.envelope.sender = "from@example.org";
    }

    void message(const std::string& wire)
    {
        request.message.fd = delivery::test::memory_file(wire);
        request.content.size = wire.size();
    }

    // The outcomes of a service whose line has these words; the shell prints what it gets.
    std::vector<mail::Outcome> deliver(std::vector<std::string> words,
                                       const std::vector<std::string>& recipients)
    {
        words.insert(words.begin(), "user=x");
        Settings settings;
        settings.service = "svc";
        settings.attributes = *parse_attributes(words);
        settings.attributes.addresses.delimiters = "+";
        settings.rights = rights();
        settings.time_limit = std::chrono::seconds(10);
        settings.environment = delivery::exported_environment({});
        settings.allow_dash = allow_dash;
        request.recipients.clear();
        for (const auto& address : recipients)
            request.recipients.push_back({address, "orig@example.net", {}, 0});
        if (!request.message.fd)
            message("Subject: x\r\n\r\n.dot\r\nFrom me\r\n");
        settings.fault = fault;
        PipeAgent agent{loop, settings, [this] { gave_up = true; }};
        Delivery delivery(std::move(request), loop.clock());
        std::optional<bool> done;
        base::Scope scope;
        scope.spawn(finish(agent, delivery, done));
        turn_until(done);
        return delivery.finish().outcomes;
    }
    static base::Task<void> finish(PipeAgent& agent, Delivery& delivery, std::optional<bool>& done)
    {
        co_await agent.deliver(delivery);
        done = true;
    }

    // Stores what the command gets, its words with commas between.
    std::vector<std::string> storing(std::vector<std::string> before,
                                     std::vector<std::string> arguments) const
    {
        before.insert(before.end(),
                      {"argv=/bin/sh", "-c",
                       "cat > " + path("input") + "; printf '%s,' \"$$@\" > " + path("words"),
                       "sh"});
        before.insert(before.end(), arguments.begin(), arguments.end());
        return before;
    }

    ipc::delivery::Deliver request;
    bool allow_dash = false;
    std::string fault;
    bool gave_up = false;
};

TEST_F(PipeAgentTest, RepeatsAWordForEachRecipient)
{
    auto outcomes =
        deliver(storing({}, {"$sender", "${recipient}", "-", "${user}.${extension}", "$nexthop"}),
                {"a+x@d.test", "b@d.test", "+c@d.test"});
    EXPECT_EQ(contents(path("words")),
              "from@example.org,a+x@d.test,b@d.test,+c@d.test,-,a.x,b.,+c.,"
              "hop.test,");
    for (const auto& outcome : outcomes) {
        EXPECT_EQ(outcome.status, Status::Sent);
        EXPECT_EQ(outcome.text, "delivered via svc service");
        EXPECT_EQ(outcome.relay, "svc");
    }
    EXPECT_EQ(contents(path("input")), "Subject: x\n\n.dot\nFrom me\n");
}

TEST_F(PipeAgentTest, KeepsThePlaceOfAnEmptyValue)
{
    deliver(storing({"null_sender="}, {"1", "$user", "$extension", "2", "$sasl_username", "3"}),
            {"@d.test"});
    EXPECT_EQ(contents(path("words")), "1,,,2,,3,");
}

TEST_F(PipeAgentTest, GivesNoShellToWhatStrangersChose)
{
    const std::string hostile = "$(touch " + path("bad") + ");`id`|&><'\"\\ *@d.test";
    deliver(storing({}, {"$recipient", "$sender"}), {hostile});
    EXPECT_EQ(contents(path("words")), hostile + ",from@example.org,");
    EXPECT_FALSE(std::filesystem::exists(path("bad")));
}

TEST_F(PipeAgentTest, WritesTheHeadAndTextThatFlagsAskFor)
{
    deliver(storing({"flags=DFORB.>", "eol=\\r\\n"}, {}), {"a@d.test"});
    const std::string input = contents(path("input"));
    EXPECT_TRUE(input.starts_with("From from@example.org  ")) << input;
    EXPECT_EQ(input.substr(input.find('\n') + 1),
              "Return-Path: <from@example.org>\r\nX-Original-To: orig@example.net\r\n"
              "Delivered-To: a@d.test\r\nSubject: x\r\n\r\n..dot\r\n>From me\r\n\r\n");
}

TEST_F(PipeAgentTest, NamesTheNullSenderInTheHead)
{
    request.envelope.sender.clear();
    deliver(storing({"flags=R", "null_sender=<daemon>"}, {"$sender"}), {"a@d.test"});
    EXPECT_TRUE(contents(path("input")).starts_with("Return-Path: <\"<daemon>\""))
        << contents(path("input"));
    EXPECT_EQ(contents(path("words")), "<daemon>,");
}

TEST_F(PipeAgentTest, RefusesWordsThatWouldBeOptions)
{
    auto outcomes =
        deliver(storing({}, {"x$recipient", "${extension}"}), {"a+-oQ@d.test", "b+c@d.test"});
    EXPECT_EQ(outcomes[0].status, Status::Bounced);
    EXPECT_EQ(outcomes[0].dsn, "5.1.3");
    EXPECT_EQ(outcomes[0].text, "bad address syntax: \"-oQ\"");
    EXPECT_EQ(outcomes[1].status, Status::Sent);
    EXPECT_EQ(contents(path("words")), "xb+c@d.test,c,");
    allow_dash = true;
    outcomes = deliver(storing({}, {"${extension}"}), {"a+-oQ@d.test"});
    EXPECT_EQ(outcomes[0].status, Status::Sent);
    EXPECT_EQ(contents(path("words")), "-oQ,");
}

TEST_F(PipeAgentTest, ShowsTheBeginningOfTheOutput)
{
    auto outcomes = deliver({"argv=/bin/sh", "-c", "echo hello; echo there"}, {"a@d.test"});
    EXPECT_EQ(outcomes[0].text, "delivered via svc service (hello there)");
    outcomes = deliver({"argv=/bin/sh", "-c", "printf %0300d 7"}, {"a@d.test"});
    EXPECT_EQ(outcomes[0].text, "delivered via svc service (" + std::string(100, '0') + ")");
    outcomes = deliver({"argv=/bin/sh", "-c", "echo no; exit 67"}, {"a@d.test", "b@d.test"});
    EXPECT_EQ(outcomes[1].dsn, "5.1.1");
    EXPECT_EQ(outcomes[1].text, "user unknown. Command output: no");
}

TEST_F(PipeAgentTest, IsTheLastStationOnlyWithItsFlag)
{
    EXPECT_TRUE(deliver({"argv=/bin/true"}, {"a@d.test"})[0].relayed);
    EXPECT_FALSE(deliver({"flags=X", "argv=/bin/true"}, {"a@d.test"})[0].relayed);
    EXPECT_FALSE(deliver({"argv=/bin/false"}, {"a@d.test"})[0].relayed);
}

TEST_F(PipeAgentTest, DefersWithTheFaultOfItsLine)
{
    deliver({"argv=/bin/true"}, {"a@d.test"});
    EXPECT_FALSE(gave_up);
    fault = "unknown username: nemo";
    const auto outcome = deliver(storing({}, {"$recipient"}), {"a@d.test"})[0];
    EXPECT_EQ(outcome.status, Status::Deferred);
    EXPECT_EQ(outcome.dsn, "4.3.5");
    EXPECT_EQ(outcome.text, "mail system configuration error: service svc: unknown username: nemo");
    EXPECT_EQ(outcome.failure.kind, mail::FailureClass::Unknown); // Not "bad address".
    EXPECT_TRUE(gave_up);
    EXPECT_FALSE(std::filesystem::exists(path("words")));
}

TEST_F(PipeAgentTest, RunsNothingForAQuestion)
{
    request.trace = true;
    const auto outcome = deliver(storing({}, {"$recipient"}), {"a@d.test"})[0];
    EXPECT_EQ(outcome.text, "delivers to command: /bin/sh");
    EXPECT_EQ(outcome.status, Status::Sent);
    EXPECT_FALSE(std::filesystem::exists(path("words")));
}

TEST_F(PipeAgentTest, RefusesLargeMessages)
{
    message("x\r\n");
    EXPECT_EQ(deliver({"size=3", "argv=/bin/true"}, {"a@d.test"})[0].status, Status::Sent);
    message("xx\r\n");
    const auto outcome = deliver({"size=3", "argv=/bin/true"}, {"a@d.test"})[0];
    EXPECT_EQ(outcome.dsn, "5.2.3");
    EXPECT_EQ(outcome.text, "message too large");
}

TEST_F(PipeAgentTest, FindsLoopsWithTheFlagD)
{
    const std::string looped = "X: y\r\ndelivered-to: A@D.test\r\n\r\nDelivered-To: b@d.test\r\n";
    message(looped);
    auto outcome = deliver({"flags=D", "argv=/bin/true"}, {"a@d.test"})[0];
    EXPECT_EQ(outcome.dsn, "5.4.6");
    EXPECT_EQ(outcome.text, "mail forwarding loop for a@d.test");
    message(looped);
    EXPECT_EQ(deliver({"flags=D", "argv=/bin/true"}, {"b@d.test"})[0].status, Status::Sent);
    message(looped);
    EXPECT_EQ(deliver({"argv=/bin/true"}, {"a@d.test"})[0].status, Status::Sent);
}

TEST_F(PipeAgentTest, DefersWhatTheConfigurationDoesWrong)
{
    for (const std::string flag : {"D", "O"}) {
        const auto outcomes =
            deliver({"flags=" + flag, "argv=/bin/true"}, {"a@d.test", "b@d.test"});
        EXPECT_EQ(outcomes[1].dsn, "4.3.5");
        EXPECT_EQ(outcomes[1].text, "mail system configuration error");
        EXPECT_TRUE(log.has("warning: pipe flag `" + flag +
                            "' requires svc_destination_recipient_limit = 1"));
    }
    EXPECT_EQ(deliver({"argv=/bin/true", "$nosuch"}, {"a@d.test"})[0].dsn, "4.3.5");
    EXPECT_TRUE(log.has("warning: master.cf: service svc: unknown macro name: \"nosuch\""));
}

TEST_F(PipeAgentTest, OnlyTellsTheCommandWhenAsked)
{
    request.trace = true;
    const auto outcome = deliver(storing({}, {}), {"a@d.test"})[0];
    EXPECT_EQ(outcome.text, "delivers to command: /bin/sh");
    EXPECT_FALSE(std::filesystem::exists(path("words")));
}

} // namespace
} // namespace pipe_mail::test
