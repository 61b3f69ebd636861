// SPDX-License-Identifier: Apache-2.0
// Which lines of a body are header fields of parts, and nothing gets lost between them.
#include "lib/mail/mime_walk.h"

#include <gtest/gtest.h>

#include "lib/base/strings.h"

namespace mail {
namespace {

struct Walked {
    std::string shown; // "P:", "N:" or "B:" and the text of each, '|' after it.
    std::string bytes; // What came out, put together.
    bool too_deep = false;
};

Walked walk(std::string_view type, std::string_view body, std::size_t step = 1 << 16,
            MimeWalk::Limits limits = {})
{
    MimeWalk walk(limits, true);
    std::string own = base::cat("Content-Type: ", type, "\r\n");
    if (!type.empty())
        walk.own_field({std::string_view(own).substr(0, 12), own});
    std::vector<MimeItem> items;
    for (std::size_t at = 0; at < body.size(); at += step)
        walk.feed(body.substr(at, step), items);
    walk.finish(items);
    Walked out;
    for (const auto& item : items) {
        out.bytes += item.text;
        out.bytes += item.line_end;
        std::string_view text = base::trim_right(item.text);
        switch (item.kind) {
        case MimeItem::Kind::Text: break;
        case MimeItem::Kind::Line: base::append(out.shown, "B:", text, "|"); break;
        case MimeItem::Kind::PartField: base::append(out.shown, "P:", text, "|"); break;
        case MimeItem::Kind::NestedField: base::append(out.shown, "N:", text, "|"); break;
        }
    }
    out.too_deep = walk.too_deep();
    return out;
}

struct Row {
    const char* name;
    std::string_view type;
    std::string_view body;
    std::string_view want;
};

const Row rows[] = {
    {"plain text", "text/plain", "A: b\r\n\r\nc\r\n", "B:A: b|B:|B:c|"},
    {"no type", "", "--x\r\nA: b\r\n", "B:--x|B:A: b|"},
    {"two parts", "multipart/mixed; boundary=x",
     "pre\r\n--x\r\nA: b\r\n c\r\n\r\none\r\n--x  \r\n\r\ntwo\r\n--x--\r\nC: d\r\n",
     "B:pre|B:--x|P:A: b\r\n c|B:one|B:--x|B:two|B:--x--|B:C: d|"},
    {"a part without an empty line", "multipart/mixed; boundary=x",
     "--x\r\nA: b\r\nnone here\r\n--x\r\n--x--\r\n", "B:--x|P:A: b|B:none here|B:--x|B:--x--|"},
    {"a message within", "multipart/mixed; boundary=x",
     "--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nbody\r\n--x--\r\n",
     "B:--x|P:Content-Type: message/rfc822|N:Subject: in|B:body|B:--x--|"},
    {"the message is one", "message/rfc822", "Subject: in\r\n\r\nbody\r\n",
     "N:Subject: in|B:body|"},
    {"a multipart within a message", "message/rfc822",
     "Content-Type: multipart/mixed; boundary=\"y\"\r\n\r\n--y\r\nA: b\r\n\r\n--y--\r\n",
     "N:Content-Type: multipart/mixed; boundary=\"y\"|B:--y|P:A: b|B:--y--|"},
    {"a digest", "multipart/digest; boundary=x",
     "--x\r\n\r\nSubject: one\r\n\r\na\r\n--x\r\nContent-Type: text/plain\r\n\r\nS: b\r\n--x--\r\n",
     "B:--x|N:Subject: one|B:a|B:--x|P:Content-Type: text/plain|B:S: b|B:--x--|"},
    {"an outer boundary ends inner parts", "multipart/mixed; boundary=x",
     "--x\r\nContent-Type: multipart/mixed; boundary=xy\r\n\r\n--xy\r\nA: b\r\n\r\n--x\r\n"
     "C: d\r\n\r\n--xy\r\nE: f\r\n",
     "B:--x|P:Content-Type: multipart/mixed; boundary=xy|B:--xy|P:A: b|B:--x|P:C: d|B:--xy|"
     "B:E: f|"},
    {"encoded is not looked into", "multipart/mixed; boundary=x",
     "--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--x--",
     "B:--x|P:Content-Type: text/html|P:Content-Transfer-Encoding: base64|B:QUJD|B:--x--|"},
    {"no boundary", "multipart/mixed", "--\r\nA: b\r\n", "B:--|B:A: b|"},
    {"bare line feeds", "multipart/mixed; boundary=x", "--x\nA: b\n\nc\n--x--\n",
     "B:--x|P:A: b|B:c|B:--x--|"},
};

TEST(MimeWalk, TellsHeadersOfPartsFromText)
{
    for (const Row& row : rows)
        EXPECT_EQ(walk(row.type, row.body).shown, row.want) << row.name;
}

TEST(MimeWalk, GivesTheSameHoweverTheInputIsCut)
{
    for (const Row& row : rows)
        for (std::size_t step : {1, 2, 3, 7})
            EXPECT_EQ(walk(row.type, row.body, step).shown, row.want) << row.name << " " << step;
}

TEST(MimeWalk, LosesNothing)
{
    for (const Row& row : rows) {
        std::string bytes = walk(row.type, row.body, 5).bytes;
        if (row.body.find("--x\nA") != row.body.npos)
            continue; // Empty lines come out as CRLF.
        EXPECT_EQ(bytes, row.body) << row.name;
    }
}

TEST(MimeWalk, CutsLongLinesAndCountsTheBytesOfABody)
{
    MimeWalk::Limits limits;
    limits.line_length = 4;
    EXPECT_EQ(walk("", "abcdefghij\r\nk\r\n", 100, limits).shown, "B:abcd|B:efgh|B:ij|B:k|");
    EXPECT_EQ(walk("", "abcd\r\n", 1, limits).shown, "B:abcd|");
    EXPECT_EQ(walk("", std::string(1000, '\r'), 1, limits).bytes, std::string(1000, '\r'));
    MimeWalk walk({}, true);
    std::vector<MimeItem> items;
    walk.feed("ab\r\ncd\r\n", items);
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[1].offset, 4U);
}

TEST(MimeWalk, StopsWherePartsLieTooDeep)
{
    MimeWalk::Limits limits;
    limits.nesting = 2;
    const std::string_view two = "Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\nx\r\n";
    EXPECT_FALSE(walk("message/rfc822", two, 3, limits).too_deep);
    const std::string three = base::cat("Content-Type: message/rfc822\r\n\r\n", two);
    EXPECT_TRUE(walk("message/rfc822", three, 3, limits).too_deep);
    std::string many; // Neighbours do not add up.
    for (int i = 0; i < 10; ++i)
        base::append(many, "--x\r\nContent-Type: message/rfc822\r\n\r\nA: b\r\n\r\nx\r\n");
    EXPECT_FALSE(walk("multipart/mixed; boundary=x", many, 100, limits).too_deep);
}

} // namespace
} // namespace mail
