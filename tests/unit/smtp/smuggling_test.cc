// SPDX-License-Identifier: Apache-2.0
// SMUG-01 and SMUG-02: every false end of data, split at every place, makes one message at most.
#include <gtest/gtest.h>
#include <random>

#include "lib/base/log_sinks.h"
#include "lib/smtp/content_scanner.h"
#include "tests/dialogue/fakes.h"

using namespace std::string_literals;

namespace {

const std::string endings[] = {"\n.\n"s,       "\n.\r"s,       "\r.\n"s,       "\r.\r"s,
                               "\n.\r\n"s,     "\r.\r\n"s,     "\r\n.\n"s,     "\r\n.\r"s,
                               "\r\n\0.\r\n"s, "\r\n.\0\r\n"s, "\r\n.\r\r\n"s, "\r\r\n.\r\r\n"s};

constexpr std::string_view second =
    "MAIL FROM:<evil@x>\r\nRCPT TO:<victim@y>\r\nDATA\r\nSubject: forged\r\n\r\nx\r\n";

struct Outcome {
    std::size_t queued = 0;
    std::string content;
    std::string replies;
    bool operator==(const Outcome&) const = default;
};

std::string whole_body(const std::string& ending)
{
    return "Subject: a\r\n\r\nbody" + ending + std::string(second) + ".\r\n";
}

Outcome play(smtp::BareNewline mode, const std::string& body, std::size_t split)
{
    fake::Server server;
    server.settings.bare_newline = mode;
    server.connect();
    server.send("EHLO x\r\n");
    server.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n");
    server.send("DATA\r\n");
    server.output.clear();
    server.send(std::string_view(body).substr(0, split));
    server.send(std::string_view(body).substr(split));
    Outcome out{server.sink.queued.size(), {}, server.output};
    if (out.queued > 0)
        out.content = server.sink.queued[0].content;
    return out;
}

void expect_no_stray(const std::string& content)
{
    for (std::size_t i = 0; i < content.size(); ++i) {
        bool lf = content[i] == '\n';
        bool cr = content[i] == '\r';
        ASSERT_FALSE(lf && (i == 0 || content[i - 1] != '\r'));
        ASSERT_FALSE(cr && (i + 1 == content.size() || content[i + 1] != '\n'));
    }
}

} // namespace

TEST(Smuggling, NoFalseEndMakesASecondMessageAtAnySplit)
{
    base::MemoryLogSink log;
    base::LogSink* before = base::set_log_sink(&log);
    for (smtp::BareNewline mode : {smtp::BareNewline::No, smtp::BareNewline::Normalize,
                                   smtp::BareNewline::Reject, smtp::BareNewline::Note}) {
        for (const std::string& ending : endings) {
            std::string body = whole_body(ending);
            Outcome whole = play(mode, body, body.size());
            ASSERT_LE(whole.queued, 1u);
            expect_no_stray(whole.content);
            if (whole.queued == 1) {
                EXPECT_NE(whole.content.find("MAIL FROM:<evil@x>"), std::string::npos);
            }
            for (std::size_t split = 0; split < body.size(); ++split)
                ASSERT_EQ(play(mode, body, split), whole) << split;
        }
    }
    base::set_log_sink(before);
}

TEST(Smuggling, ByteByByteIsTheSameAsAtOnce)
{
    base::MemoryLogSink log;
    base::LogSink* before = base::set_log_sink(&log);
    for (const std::string& ending : endings) {
        std::string body = whole_body(ending);
        fake::Server server;
        server.connect();
        std::string session = "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n" + body;
        for (char c : session)
            server.send(std::string_view(&c, 1));
        ASSERT_EQ(server.sink.queued.size(), 1u);
        EXPECT_EQ(server.sink.queued[0].content,
                  play(smtp::BareNewline::Normalize, body, body.size()).content);
    }
    base::set_log_sink(before);
}

TEST(Chunks, AnySplitIntoChunksGivesTheSameContent)
{
    base::MemoryLogSink log;
    base::LogSink* before = base::set_log_sink(&log);
    for (const std::string& ending : endings) {
        std::string body = "a: b\r\n\r\nx" + ending + "y\r\n";
        std::string want;
        for (std::size_t split = 0; split <= body.size(); ++split) {
            fake::Server server;
            server.connect();
            server.send("EHLO x\r\n");
            server.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n");
            if (split > 0)
                server.send(base::cat("BDAT ", split, "\r\n", body.substr(0, split)));
            server.send(base::cat("BDAT ", body.size() - split, " LAST\r\n", body.substr(split)));
            ASSERT_EQ(server.sink.queued.size(), 1u) << server.output;
            expect_no_stray(server.sink.queued[0].content);
            if (want.empty())
                want = server.sink.queued[0].content;
            EXPECT_EQ(server.sink.queued[0].content, want) << split;
        }
    }
    base::set_log_sink(before);
}

namespace {

// The rules of content, byte by byte, with nothing of the scanner's code. Returns false at the end
// of data.
struct Reference {
    bool lf_lines = false;
    std::string line = {}; // Since the last LF, LF included when complete.
    std::string out = {};
    bool after_crlf = true;

    bool take(char c)
    {
        line.push_back(c);
        if (c != '\n')
            return true;
        bool crlf = line.ends_with("\r\n");
        std::string text = line.substr(0, line.size() - (crlf ? 2 : 1));
        line.clear();
        if (text == "." && (lf_lines || (crlf && after_crlf)))
            return false;
        if (text.starts_with('.'))
            text.erase(0, 1);
        for (char& stray : text)
            if (stray == '\r')
                stray = ' ';
        out += text + "\r\n";
        after_crlf = crlf;
        return true;
    }
};

std::string scan(const std::string& input, std::mt19937& random, bool lf_lines, bool& ended)
{
    smtp::ContentScanner scanner(smtp::ContentScanner::Form::Dotted, true, lf_lines);
    std::string out;
    std::string pending;
    std::size_t at = 0;
    ended = false;
    while (!ended && at < input.size()) {
        std::size_t piece = 1 + random() % 9;
        pending += input.substr(at, piece);
        at += piece;
        while (!pending.empty() && !ended) {
            auto span = scanner.next(pending);
            ended = span.found == smtp::ContentScanner::Found::End;
            if (span.found != smtp::ContentScanner::Found::Text)
                break;
            out.append(span.text).append(span.suffix);
            pending.erase(0, span.consumed);
        }
    }
    return out;
}

} // namespace

TEST(ContentScanner, AgreesWithAByteByByteReferenceOnRandomText)
{
    std::mt19937 random{7};
    static constexpr char alphabet[] = {'\r', '\n', '.', 'x', '\r', '\n', '.', '\0'};
    for (int round = 0; round < 100'000; ++round) {
        std::string input;
        for (std::size_t size = random() % 24; size > 0; --size)
            input.push_back(alphabet[random() % sizeof alphabet]);
        input += "\r\n.\r\n";
        Reference reference{.lf_lines = round % 2 == 1};
        std::size_t at = 0;
        while (at < input.size() && reference.take(input[at]))
            ++at;
        bool ended = false;
        std::string got = scan(input, random, reference.lf_lines, ended);
        ASSERT_TRUE(ended);
        ASSERT_EQ(got, reference.out) << base::json_quote(input);
    }
}
