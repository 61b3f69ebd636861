// SPDX-License-Identifier: Apache-2.0
// STATE-05: a random walk over all verbs with valid and invalid arguments, beside a small model
// that knows nothing of the session's code. The reply's class and each accepted envelope must be
// equal.
#include <gtest/gtest.h>
#include <random>

#include "lib/base/log_sinks.h"
#include "tests/dialogue/fakes.h"

namespace {

constexpr int steps = 200'000;

// What the protocol says of a session, in as few variables as will do.
struct Model {
    bool mail = false;
    bool chunking = false;
    bool broken = false; // A chunk was refused; nothing is taken until LAST or RSET.
    std::string sender;
    std::vector<std::string> recipients;
    std::string content;

    void forget() { *this = Model{}; }
};

struct Move {
    std::string bytes;
    char want = '2';
    bool queues = false;
    bool content = false; // After 354: a body follows.
};

struct Walk {
    std::mt19937 random{20240229};
    Model model;
    int number = 0;

    unsigned pick(unsigned count) { return random() % count; }

    Move greet()
    {
        bool named = pick(8) != 0;
        if (named)
            model.forget();
        return {base::cat(pick(2) == 0 ? "EHLO" : "HELO", named ? " x\r\n" : "\r\n"),
                named ? '2' : '5'};
    }
    Move mail_from()
    {
        static constexpr const char* wrong[] = {"<a b>", "", "<x@y..z>", "<a@b> FOO",
                                                "<a@b> SIZE=x"};
        bool valid = pick(4) != 0;
        bool allowed = !model.mail && !model.chunking;
        std::string sender = pick(8) == 0 ? "" : base::cat("s", ++number, "@x");
        std::string argument = valid ? base::cat("<", sender, ">") : wrong[pick(5)];
        if (valid && allowed) {
            model.mail = true;
            model.sender = sender;
        }
        return {base::cat("MAIL FROM:", argument, "\r\n"), valid && allowed ? '2' : '5'};
    }
    Move rcpt_to()
    {
        static constexpr const char* wrong[] = {"<>", "", "<bad@x>", "<a@b> X=1", "a b"};
        bool valid = pick(4) != 0;
        bool allowed = model.mail && !model.chunking;
        std::string recipient = base::cat("r", ++number, "@x");
        std::string argument = valid ? base::cat("<", recipient, ">") : wrong[pick(5)];
        if (valid && allowed)
            model.recipients.push_back(recipient);
        return {base::cat("RCPT TO:", argument, "\r\n"), valid && allowed ? '2' : '5'};
    }
    Move data()
    {
        bool argument = pick(10) == 0;
        bool allowed = !model.recipients.empty() && !model.chunking && !argument;
        return {argument ? "DATA x\r\n" : "DATA\r\n", allowed ? '3' : '5', false, allowed};
    }
    Move body()
    {
        ++number;
        model.content = base::cat("n: ", number, "\r\n\r\n.", number, "\r\n");
        return {base::cat("n: ", number, "\r\n\r\n..", number, "\r\n.\r\n"), '2', true};
    }
    Move chunk()
    {
        bool last = pick(3) == 0;
        std::string bytes = pick(5) == 0 ? "" : base::cat("QUIT ", ++number, "\r\n");
        bool null = bytes.empty() && !last;
        bool good = !model.recipients.empty() && !model.broken && !null;
        model.chunking = true;
        model.broken = !good;
        if (good)
            model.content += bytes;
        Move move{base::cat("BDAT ", bytes.size(), last ? " LAST" : "", "\r\n", bytes),
                  good ? '2' : '5', good && last};
        if (last && !good)
            model.forget();
        return move;
    }
    Move other()
    {
        static constexpr std::pair<const char*, char> lines[] = {
            {"NOOP\r\n", '2'},       {"VRFY a@b\r\n", '2'},    {"VRFY\r\n", '5'},
            {"HELP\r\n", '2'},       {"EXPN x\r\n", '5'},      {"STARTTLS\r\n", '5'},
            {"AUTH PLAIN\r\n", '5'}, {"FOO\r\n", '5'},         {"\r\n", '5'},
            {"RSET x\r\n", '5'},     {"XCLIENT A=b\r\n", '5'}, {"XFORWARD A=b\r\n", '5'},
            {"ETRN\r\n", '5'},       {"NOOP \xff\r\n", '5'}};
        auto [line, want] = lines[pick(std::size(lines))];
        return {line, want};
    }
    Move next()
    {
        switch (pick(12)) {
        case 0: return greet();
        case 1:
        case 2: return mail_from();
        case 3:
        case 4:
        case 5: return rcpt_to();
        case 6:
        case 7: return data();
        case 8:
        case 9: return chunk();
        case 10: return other();
        case 11: break;
        }
        if (pick(3) != 0)
            return other();
        model.forget();
        return {"RSET\r\n", '2'};
    }
};

void expect_same(const fake::Message& got, const Model& want)
{
    EXPECT_EQ(got.envelope.sender, want.sender);
    ASSERT_EQ(got.recipients.size(), want.recipients.size());
    for (std::size_t i = 0; i < want.recipients.size(); ++i)
        EXPECT_EQ(got.recipients[i].address, want.recipients[i]);
    EXPECT_EQ(got.content, want.content);
}

} // namespace

TEST(RandomWalk, TheSessionAlwaysAgreesWithTheModel)
{
    base::MemoryLogSink log;
    base::LogSink* before = base::set_log_sink(&log);
    fake::Server server;
    server.settings.hard_error_limit = 1'000'000'000;
    server.settings.soft_error_limit = 1'000'000'000;
    server.settings.recipient_limit = 1'000'000;
    server.connect();
    server.ask("EHLO x\r\n");
    Walk walk;
    bool content = false;
    std::size_t queued = 0;
    for (int i = 0; i < steps && !server.closed; ++i) {
        Move move = content ? walk.body() : walk.next();
        std::string reply = server.ask(move.bytes);
        ASSERT_FALSE(reply.empty()) << move.bytes;
        ASSERT_EQ(reply[0], move.want) << i << ": " << move.bytes << reply;
        ASSERT_EQ(server.sink.queued.size(), move.queues ? 1u : 0u) << move.bytes;
        content = move.content;
        if (move.queues) {
            expect_same(server.sink.queued[0], walk.model);
            server.sink.queued.clear();
            walk.model.forget();
            ++queued;
        }
        log.lines.clear();
    }
    EXPECT_FALSE(server.closed);
    EXPECT_GT(queued, 1000u);
    server.session.reset();
    base::set_log_sink(before);
}
