// SPDX-License-Identifier: Apache-2.0
// The stream between sendmail and postdrop: what is taken, and what is refused.
#include "lib/submit/stream.h"

#include <gtest/gtest.h>

#include "lib/mail/address.h"
#include "lib/queue/bytes.h"

using submit::Head;
using submit::StreamParser;

namespace {

struct Collect final : submit::StreamSink {
    std::vector<Head> heads;
    std::vector<mail::Recipient> recipients;
    std::string bytes;
    base::Result<void> answer;

    base::Result<void> head(Head head) override
    {
        heads.push_back(std::move(head));
        return answer;
    }
    base::Result<void> recipient(mail::Recipient recipient) override
    {
        recipients.push_back(std::move(recipient));
        return answer;
    }
    base::Result<void> content(std::string_view more) override
    {
        bytes += more;
        return answer;
    }
};

std::string record(std::uint8_t type, std::string_view value)
{
    std::string made(1, static_cast<char>(type));
    queue::put_text(made, value);
    return made;
}

std::string begin(const Head& head = {})
{
    std::string made;
    append_head(made, head);
    return made;
}

Head with_verp(std::string delimiters)
{
    Head head;
    head.sender = "a@b.test";
    head.verp = std::move(delimiters);
    return head;
}

std::string recipient(std::string address, std::string orcpt = {}, std::uint8_t notify = 0)
{
    std::string made;
    submit::append_recipient(made, {address, address, std::move(orcpt), notify});
    return made;
}

std::string end(std::uint32_t recipients, std::uint64_t bytes)
{
    std::string made;
    submit::append_end(made, recipients, bytes);
    return made;
}

// Whether the stream is taken as a whole message.
bool is_good(std::string_view stream, std::size_t step, Collect& sink)
{
    StreamParser parser{sink};
    for (; !stream.empty(); stream.remove_prefix(std::min(step, stream.size())))
        if (!parser.feed(stream.substr(0, step)))
            return false;
    return parser.complete();
}

const std::string one = recipient("b@c.test");

} // namespace

TEST(SubmissionStream, CarriesAWholeMessage)
{
    Head head{"a b@c.test",
              "Full Name",
              "id 1",
              mail::DsnReturn::Headers,
              mail::BodyType::EightBitMime,
              true,
              submit::Report::Trial,
              true,
              "+="};
    std::string stream = begin(head) + recipient("x@y", "rfc822;o@y", mail::notify::success);
    submit::append_content(stream, "Subject: x\r\n");
    stream += recipient("z");
    stream += recipient("");
    const std::string large(200'000, 'a');
    submit::append_content(stream, large);
    stream += end(3, 12 + large.size());
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, stream.size()}) {
        Collect sink;
        ASSERT_TRUE(is_good(stream, step, sink)) << step;
        ASSERT_EQ(sink.heads.size(), 1u);
        EXPECT_EQ(sink.heads[0], head);
        const mail::Recipient first{"x@y", "x@y", "rfc822;o@y", mail::notify::success};
        EXPECT_EQ(sink.recipients, (std::vector{first, mail::Recipient{"z", "z", {}, 0}, {}}));
        EXPECT_EQ(sink.bytes, "Subject: x\r\n" + large);
    }
}

TEST(SubmissionStream, RefusesWhatIsNoSuchStream)
{
    using namespace std::string_literals;
    const std::string good_end = end(1, 0);
    const std::string head_value = begin().substr(13);
    const struct {
        std::string_view name;
        std::string stream;
    } cases[] = {
        {"nothing", ""},
        {"other magic", "T\x1f mail\r\n"},
        {"magic alone", begin().substr(0, 8)},
        {"no head", begin().substr(0, 8) + one + good_end},
        {"two heads", begin() + record(1, head_value) + one + good_end},
        {"no recipients", begin() + end(0, 0)},
        {"no end", begin() + one},
        {"half an end", begin() + one + good_end.substr(0, 10)},
        {"data after the end", begin() + one + good_end + "x"},
        {"record after the end", begin() + one + good_end + one},
        {"type 0", begin() + record(0, "") + one + good_end},
        {"unknown type", begin() + record(5, "") + one + good_end},
        {"type 255", begin() + record(255, "") + one + good_end},
        {"length over all bounds", begin() + "\x03\xff\xff\xff\xff"s},
        {"content over the limit", begin() + record(3, std::string(65537, 'a')) + good_end},
        {"wrong number of recipients", begin() + one + end(2, 0)},
        {"wrong number of bytes", begin() + one + record(3, "abc") + end(1, 2)},
        {"long end", begin() + one + record(4, good_end.substr(5) + "x")},
        {"short end", begin() + one + record(4, good_end.substr(5, 11))},
        {"long head", begin().substr(0, 8) + record(1, head_value + "x") + one + good_end},
        {"short head", begin().substr(0, 8) + record(1, head_value.substr(1)) + one + good_end},
        {"NUL in the sender", begin({"a\0b"s, {}, {}}) + one + good_end},
        {"CR in the sender", begin({"a\rb", {}, {}}) + one + good_end},
        {"LF in the sender", begin({"a\nb", {}, {}}) + one + good_end},
        {"LF in the name", begin({"a", "b\nBcc: x", {}}) + one + good_end},
        {"LF in the envelope id", begin({"a", {}, "x\n"}) + one + good_end},
        {"long envelope id", begin({"a", {}, std::string(101, 'x')}) + one + good_end},
        {"VERP of one character", begin(with_verp("+")) + one + good_end},
        {"VERP of no character",
         begin().substr(0, 8) + record(1, head_value + "\0\0\0\0"s) + one + good_end},
        {"VERP of three characters", begin(with_verp("+=-")) + one + good_end},
        {"LF in VERP", begin(with_verp("+\n")) + one + good_end},
        {"long name", begin({"a", std::string(1001, 'x'), {}}) + one + good_end},
        {"long sender", begin({std::string(2001, 'x'), {}, {}}) + one + good_end},
        {"NUL in a recipient", begin() + recipient("a\0b"s) + good_end},
        {"CR in a recipient", begin() + recipient("a\rb") + good_end},
        {"LF in a recipient", begin() + recipient("a\nb") + good_end},
        {"DEL in a recipient", begin() + recipient("a\x7f") + good_end},
        {"long recipient", begin() + recipient(std::string(2001, 'x')) + good_end},
        {"LF in ORCPT", begin() + recipient("a", "rfc822;a\nb") + good_end},
        {"NUL in ORCPT", begin() + recipient("a", "rfc822;a\0b"s) + good_end},
        {"ORCPT without type", begin() + recipient("a", "a@b") + good_end},
        {"long ORCPT", begin() + recipient("a", "rfc822;" + std::string(500, 'x')) + good_end},
        {"NEVER and SUCCESS", begin() + recipient("a", {}, 3) + good_end},
        {"unknown NOTIFY", begin() + recipient("a", {}, 16) + good_end},
    };
    for (const auto& [name, stream] : cases) {
        Collect sink, again;
        EXPECT_FALSE(is_good(stream, stream.size() + 1, sink)) << name;
        EXPECT_FALSE(is_good(stream, 1, again)) << name;
    }
}

TEST(SubmissionStream, EveryFlagOfTheHeadHasItsRange)
{
    std::string value = begin({"a", {}, {}}).substr(13);
    for (std::size_t at = value.size() - 5; at < value.size(); ++at) {
        std::string bad = value;
        bad[at] = 3;
        Collect sink;
        EXPECT_FALSE(is_good(begin().substr(0, 8) + record(1, bad) + one + end(1, 0), 99, sink));
    }
}

TEST(SubmissionStream, StopsWhenTheSinkFails)
{
    Collect sink;
    sink.answer = base::temporary("disk full");
    StreamParser parser{sink};
    auto fed = parser.feed(begin() + one + end(1, 0));
    ASSERT_FALSE(fed);
    EXPECT_TRUE(fed.error().temporary());
    EXPECT_FALSE(parser.complete());
}
