// SPDX-License-Identifier: Apache-2.0
#include "lib/mail/mime_downgrade.h"

#include <gtest/gtest.h>

#include "lib/mail/quoted_printable.h"

namespace {

// Test messages are written with LF; the filter sees and makes CRLF.
std::string crlf(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return out;
}

struct Converted {
    std::string text;
    std::string error;
};

Converted convert(std::string_view text, std::size_t step, mail::MimeDowngradeLimits limits = {})
{
    mail::MimeDowngrade filter(limits);
    Converted result;
    for (std::size_t at = 0; at < text.size(); at += step)
        filter.feed(text.substr(at, step), result.text);
    filter.finish(result.text);
    result.error = filter.error();
    return result;
}

struct Case {
    std::string name;
    std::string input;
    std::string want; // Empty: unchanged.
};

#define UE "\xc3\xbc"
const std::string eight = "Content-Transfer-Encoding: 8bit\n";
const std::string seven = "Content-Transfer-Encoding: 7bit\n";
const std::string quoted = "Content-Transfer-Encoding: quoted-printable\n";
const std::string mixed = "Content-Type: multipart/mixed; boundary=\"b\"\n";

const std::vector<Case> cases = {
    {"text", eight + "\ngr" UE "n = 1 \n", quoted + "\ngr=C3=BCn =3D 1=20\n"},
    {"binary", "content-transfer-encoding: (c) BINARY\n\n" UE "\n", quoted + "\n=C3=BC\n"},
    {"an encoding that is folded", "Content-Transfer-Encoding:\n 8bit\nX: y\n\n" UE "\n",
     "X: y\n" + quoted + "\n=C3=BC\n"},
    {"said to be 7bit", seven + "\n" UE "\n", ""},
    {"says nothing", "Subject: " UE "\n\n" UE "\n", ""},
    {"base64", "Content-Transfer-Encoding: base64\n\nYQ==\n", ""},
    {"unknown encoding", "Content-Transfer-Encoding: x-uuencode\n\n" UE "\n", ""},
    {"the first encoding counts", "Content-Transfer-Encoding: base64\n" + eight + "\nYQ==\n", ""},
    {"two encodings", eight + "Content-Transfer-Encoding: base64\n\n" UE "\n",
     quoted + "\n=C3=BC\n"},
    {"multipart",
     mixed + eight + "\npre" UE "\n--b\n" + eight +
         "\n" UE "\n--b\nX: y\n\n" UE "\n--b--\nepi" UE "\n",
     mixed + seven + "\npre" UE "\n--b\n" + quoted +
         "\n=C3=BC\n--b\nX: y\n\n" UE "\n--b--\nepi" UE "\n"},
    {"multipart with an encoding is left alone",
     mixed + "Content-Transfer-Encoding: base64\n\n--b\n" + eight + "\n" UE "\n--b--\n", ""},
    {"boundary with blanks behind", mixed + "\n--b  \n" + eight + "\n" UE "\n--b-- \n",
     mixed + "\n--b  \n" + quoted + "\n=C3=BC\n--b-- \n"},
    {"a longer line is no boundary", mixed + "\n--b\n" + eight + "\n--bb\n" UE "\n--b--\n",
     mixed + "\n--b\n" + quoted + "\n--bb\n=C3=BC\n--b--\n"},
    {"boundary ends the header", mixed + "\n--b\n" + eight + "--b\n" + eight + "\n" UE "\n--b--\n",
     mixed + "\n--b\n" + quoted + "--b\n" + quoted + "\n=C3=BC\n--b--\n"},
    {"outer boundary ends the inner parts",
     mixed + "\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n" + eight +
         "\n" UE "\n--b\n" + eight + "\n" UE "\n--c\n--b--\n",
     mixed + "\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n" + quoted +
         "\n=C3=BC\n--b\n" + quoted + "\n=C3=BC\n--c\n--b--\n"},
    {"message in a message",
     "Content-Type: message/rfc822\n" + eight + "\nSubject: " UE "\n" + eight + "\n" UE "\n",
     "Content-Type: message/rfc822\n" + seven + "\nSubject: " UE "\n" + quoted + "\n=C3=BC\n"},
    {"digest",
     "Content-Type: multipart/digest; boundary=b\n\n--b\n\n" + eight + "\n" UE "\n--b--\n",
     "Content-Type: multipart/digest; boundary=b\n\n--b\n\n" + quoted + "\n=C3=BC\n--b--\n"},
    {"other messages stay", "Content-Type: message/delivery-status\n" + eight + "\n" UE "\n", ""},
    {"boundary in odd spelling",
     "Content-Type: (x) Multipart / Mixed (y(z)); charset=\"a\\\"b\"; ; BOUNDARY = \"b\\c\" ; q\n\n"
     "--bc\n" +
         eight + "\n" UE "\n--bc--\n",
     "Content-Type: (x) Multipart / Mixed (y(z)); charset=\"a\\\"b\"; ; BOUNDARY = \"b\\c\" ; q\n\n"
     "--bc\n" +
         quoted + "\n=C3=BC\n--bc--\n"},
    {"unquoted boundary with specials",
     "Content-Type: multipart/mixed; boundary=--=_a/b:c; x=y\n\n----=_a/b:c\n" + eight +
         "\n" UE "\n",
     "Content-Type: multipart/mixed; boundary=--=_a/b:c; x=y\n\n----=_a/b:c\n" + quoted +
         "\n=C3=BC\n"},
    {"no blank line", eight + "this is no header " UE "\n",
     quoted + "\nthis is no header =C3=BC\n"},
    {"header only", "Subject: x\n" + eight, "Subject: x\n" + quoted},
    {"empty", "", ""},
    {"blank boundary",
     "Content-Type: multipart/mixed; boundary=\" \"\n\n--\n" + eight + "\n" UE "\n", ""},
    {"long line", eight + "\n" + std::string(100, 'a') + "\n",
     quoted + "\n" + std::string(75, 'a') + "=\n" + std::string(25, 'a') + "\n"},
};

std::string repeat(const std::string& text, int count)
{
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

} // namespace

TEST(MimeDowngrade, ConvertsWhatIsDeclaredEightBit)
{
    for (const Case& c : cases) {
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{100000}}) {
            SCOPED_TRACE(c.name);
            const Converted got = convert(crlf(c.input), step);
            EXPECT_EQ(got.text, crlf(c.want.empty() ? c.input : c.want));
            EXPECT_EQ(got.error, "");
        }
    }
}

TEST(MimeDowngrade, EncodesLineEndsThatAreNone)
{
    EXPECT_EQ(convert(crlf(eight) + "\r\na\rb\nc\r\r\n", 1).text,
              crlf(quoted) + "\r\na=0Db=0Ac=0D\r\n");
}

TEST(MimeDowngrade, StopsAtTheNestingLimit)
{
    const std::string same =
        repeat(crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\n"), 10000);
    const std::string messages = repeat(crlf("Content-Type: message/rfc822\n\n"), 10000);
    for (const std::string& hostile : {same, messages}) {
        const Converted got = convert(hostile, 4096);
        EXPECT_EQ(got.error, "MIME nesting exceeds safety limit");
        EXPECT_LT(got.text.size(), 10000u);
    }
    const std::string fine = repeat(crlf("Content-Type: message/rfc822\n\n"), 100);
    EXPECT_EQ(convert(fine, 4096).error, "");
}

TEST(MimeDowngrade, ComparesLongBoundariesUpToTheLimit)
{
    const std::string boundary(2049, 'b');
    const std::string start = crlf("Content-Type: multipart/mixed; boundary=" + boundary + "\n\n");
    const std::string part = crlf("--" + boundary + "\n" + eight + "\n" UE "\n");
    const std::string end = crlf("--" + boundary + "--\n" UE "\n");
    EXPECT_EQ(convert(start + part + part + end, 1000).text,
              start + repeat(crlf("--" + boundary + "\n" + quoted + "\n=C3=BC\n"), 2) + end);
}

TEST(MimeDowngrade, BoundsLongLinesAndHeaders)
{
    const std::string mebi(1 << 20, '\xfc');
    const Converted body = convert(crlf(eight) + "\r\n" + mebi + "\r\n", 65536);
    std::size_t longest = 0;
    for (std::size_t at = 0; at < body.text.size();) {
        const std::size_t end = body.text.find("\r\n", at);
        longest = std::max(longest, end - at);
        at = end + 2;
    }
    EXPECT_LE(longest, mail::QuotedPrintableEncoder::line_limit);

    // A header that is too long to be an encoding is none.
    const std::string header =
        "Content-Transfer-Encoding: 8bit" + mebi + "\r\n\r\n" + mebi + "\r\n";
    EXPECT_EQ(convert(header, 65536).text, header);
}

TEST(QuotedPrintable, KeepsTheLineLimit)
{
    mail::QuotedPrintableEncoder encoder;
    std::string out;
    encoder.feed(std::string(73, 'a') + "\xfc" + " \t", out);
    encoder.end_line(out);
    EXPECT_EQ(out, std::string(73, 'a') + "=\r\n=FC =09\r\n");
}
