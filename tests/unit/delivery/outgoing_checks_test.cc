// SPDX-License-Identifier: Apache-2.0
// Checks of what goes out: content in any pieces, and what the answers of tables do to it.
#include "lib/delivery/outgoing_checks.h"

#include "lib/base/strings.h"
#include "tests/unit/delivery/fixture.h"

namespace delivery::test {
namespace {

class Pieces final : public smtp::ContentSource {
public:
    Pieces(std::string text, std::size_t size) : text_(std::move(text)), size_(size) {}
    Task<base::Result<smtp::ContentChunk>> next() override
    {
        const std::string_view piece = std::string_view(text_).substr(at_, size_);
        at_ += piece.size();
        co_return smtp::ContentChunk{piece, at_ == text_.size()};
    }

private:
    std::string text_;
    std::size_t size_;
    std::size_t at_ = 0;
};

struct Rules {
    std::string header, mime, nested, body;
};

std::vector<std::string> list(const std::string& spec)
{
    return spec.empty() ? std::vector<std::string>{} : std::vector<std::string>{spec};
}

Task<void> read(smtp::ContentSource& source, std::string& out)
{
    while (true) {
        const auto chunk = co_await source.next();
        if (!chunk) {
            out = "error: " + chunk.error().text;
            co_return;
        }
        out += chunk->bytes;
        if (chunk->last)
            co_return;
    }
}

std::string sent(const std::string& text, const Rules& rules, std::size_t piece)
{
    config::SmtpParams params;
    params.header_checks.set(list(rules.header));
    params.mime_header_checks.set(list(rules.mime));
    params.nested_header_checks.set(list(rules.nested));
    params.body_checks.set(list(rules.body));
    params.body_checks_size_limit.set(40);
    params.mime_nesting_limit.set(4);
    params.mime_boundary_length_limit.set(100);
    table::Tables tables{{}};
    const OutgoingTables checks{tables, params};
    EXPECT_TRUE(tables.faults().empty());
    Pieces pieces(text, piece);
    CheckedContent content(pieces, checks, "ABC123");
    std::string out;
    base::Scope scope;
    scope.spawn(read(content, out));
    return out;
}

const std::string parts = "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                          "preamble\r\n--b\r\nContent-Type: text/plain\r\nX-Part: 1\r\n\r\n.one\r\n"
                          "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n"
                          "X-Inner: 1\r\n\r\ntwo\r\n--b--\r\nend\r\n";

TEST(OutgoingChecks, LeaveAloneWhatNoTableKnows)
{
    const std::string contents[] = {
        "",
        "\r\n",
        "body without header\r\n",
        "Subject: x\r\n",
        "Subject: x",
        "Subject: x\r\n\r\n",
        "Subject: x\r\n folded\r\n\tagain\r\nTo : y\r\n\r\nbody\r\n\r\nmore",
        "Subject: x\r\nno field\r\nbody\r\n",
        "\r\nSubject: body\r\n",
        parts,
        "A: " + std::string(200'000, 'x') + "\r\n\r\n" + std::string(5000, 'y') + "\r\n",
    };
    const std::string dunno = "regexp:{{/^nothing like it/ IGNORE} {/./ DUNNO}}";
    const Rules rules[] = {{dunno, "", "", ""}, {"", "", "", dunno}, {dunno, dunno, dunno, dunno}};
    for (const Rules& rule : rules)
        for (const std::string& content : contents)
            for (std::size_t piece : {1UL, 7UL, 65536UL})
                EXPECT_EQ(sent(content, rule, piece), content) << content.substr(0, 40);
}

TEST(OutgoingChecks, DoWhatTheAnswerSays)
{
    struct Case {
        const char* answer;
        std::string want; // Of "Secret: a".
        std::string log;
    };
    const Case cases[] = {
        {"IGNORE", "", ""},
        {"ignore why", "", ""},
        {"STRIP gone", "", "ABC123: strip: header Secret: a: gone"},
        {"REPLACE Open: b", "Open: b\r\n", "ABC123: replace: header Secret: a: Open: b"},
        {"PREPEND Open: b", "Open: b\r\nSecret: a\r\n",
         "ABC123: prepend: header Secret: a: Open: b"},
        {"WARN", "Secret: a\r\n", "ABC123: warning: header Secret: a"},
        {"INFO look", "Secret: a\r\n", "ABC123: info: header Secret: a: look"},
        {"OK", "Secret: a\r\n", ""},
        {"REPLACE", "Secret: a\r\n",
         "warning: REPLACE action without text in smtp_header_checks map"},
        {"REPLACE no field", "Secret: a\r\n",
         "warning: bad REPLACE header text \"no field\" in smtp_header_checks map -- need "
         "\"headername: headervalue\""},
        {"REJECT no", "Secret: a\r\n",
         "warning: unsupported command in smtp_header_checks map: REJECT no"},
    };
    for (const Case& c : cases) {
        LogLines log;
        const std::string table = base::cat("regexp:{{/^Secret:/ ", c.answer, "}}");
        EXPECT_EQ(sent("To: x\r\nSecret: a\r\n\r\nSecret: b\r\n", {table, "", "", ""}, 65536),
                  base::cat("To: x\r\n", c.want, "\r\nSecret: b\r\n"))
            << c.answer;
        EXPECT_EQ(log.lines, list(c.log)) << c.answer;
    }
}

TEST(OutgoingChecks, SeeFoldedFieldsWhole)
{
    EXPECT_EQ(sent("Received: a\r\n\tby b;\r\n\tdate\r\nTo: x\r\n\r\nb\r\n",
                   {"pcre:{{/^Received:.*by b.*date$/ IGNORE}}", "", "", ""}, 5),
              "To: x\r\n\r\nb\r\n");
}

TEST(OutgoingChecks, KnowPartsAndMessagesWithin)
{
    const auto without = [](std::string text, const std::string& line) {
        text.erase(text.find(line), line.size());
        return text;
    };
    const std::string any = "regexp:{{/^X-|^Subject: inner|^two|^end/ IGNORE}}";
    EXPECT_EQ(sent(parts, {any, "", "", ""}, 65536), parts);
    EXPECT_EQ(sent(parts, {"", any, "", ""}, 65536), without(parts, "X-Part: 1\r\n"));
    EXPECT_EQ(sent(parts, {"", "", any, ""}, 3),
              without(without(parts, "Subject: inner\r\n"), "X-Inner: 1\r\n"));
    EXPECT_EQ(sent(parts, {"", "", "", any}, 3), without(without(parts, "two\r\n"), "end\r\n"));
}

TEST(OutgoingChecks, LookAtTheBeginningOfABodyOnly)
{
    std::string body;
    for (int i = 0; i < 10; ++i)
        body += "0123456\r\n";
    std::string want = "A: b\r\n\r\n";
    for (int i = 0; i < 5; ++i)
        want += "x\r\n";
    for (int i = 5; i < 10; ++i)
        want += "0123456\r\n";
    EXPECT_EQ(sent("A: b\r\n\r\n" + body, {"", "", "", "regexp:{{/^0/ REPLACE x}}"}, 65536), want);
}

TEST(OutgoingChecks, DeferWhatTheyCannotDecide)
{
    const std::string simple = "A: b\r\n\r\nc\r\n";
    EXPECT_TRUE(sent(simple, {"fail:x", "", "", ""}, 65536)
                    .starts_with("error: smtp_header_checks map lookup problem: "));
    std::string deep = "A: b\r\n";
    for (int i = 0; i < 10; ++i)
        base::append(deep, "Content-Type: multipart/mixed; boundary=b", i, "\r\n\r\n--b", i,
                     "\r\n");
    EXPECT_EQ(sent(deep, {"", "regexp:{{/^nothing/ IGNORE}}", "", ""}, 65536),
              "error: message parts lie deeper than mime_nesting_limit");
}

} // namespace
} // namespace delivery::test
