// SPDX-License-Identifier: Apache-2.0
// Queue files and logs that Postfix 3.7 wrote, and damaged ones.
#include <cstdlib>
#include <gtest/gtest.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "tests/unit/queue/string_disk.h"
#include "tools/postfix/spool/delivery_log.h"
#include "tools/postfix/spool/message.h"

namespace spool {
namespace {

struct Text final : ContentSink {
    base::Result<void> append(std::string_view content) override
    {
        text += content;
        return {};
    }
    std::string text;
};

std::string sample(std::string_view name)
{
    const char* source = std::getenv("SRCDIR");
    auto bytes = base::read_file(base::cat(source == nullptr ? "." : source, "/fuzz/corpus/", name),
                                 1 << 20);
    EXPECT_TRUE(bytes) << name;
    return std::move(bytes).value_or({});
}

struct Read {
    base::Result<SpoolMessage> message;
    std::string content;
};

Read read(std::string_view bytes, Origin origin = Origin::Queue)
{
    queue::StringDisk disk;
    disk.bytes = bytes;
    RecordReader records(disk, 0, bytes.size());
    Text content;
    auto message = read_message(records, origin, content);
    return {std::move(message), std::move(content.text)};
}

Read read_sample(std::string_view name, Origin origin = Origin::Queue)
{
    return read(sample(base::cat("spool_message/", name)), origin);
}

std::string record(char type, std::string_view data)
{
    std::string bytes(1, type);
    std::size_t length = data.size();
    do {
        bytes += static_cast<char>((length & 0x7f) | (length > 0x7f ? 0x80 : 0));
        length >>= 7;
    } while (length != 0);
    return bytes.append(data);
}

// "waiting/done" addresses.
std::string recipients(const SpoolMessage& message)
{
    std::string text;
    for (const auto& one : message.recipients)
        base::append(text, text.empty() ? "" : " ", one.recipient.address, one.done ? "-" : "");
    return text;
}

TEST(SpoolMessage, NamesTheRecipientsOfRealFiles)
{
    const struct {
        std::string_view file;
        std::string_view sender;
        std::string_view recipients; // Those that are done with a dash.
    } rows[] = {
        {"milter_headers", "newfrom@milter.test",
         "a@x.test gone@x.test- c@x.test added@milter.test"},
        {"milter_body", "newfrom@milter.test", "a@x.test added@milter.test"},
        {"null_sender", "", "a@x.test b@x.test"},
        {"partly_done", "s@x.test", "a@x.test k@ok.test- z@x.test"},
        {"extracted", "root@x.test", "t1@x.test t2@x.test t3@x.test"},
        {"virtual_alias", "s@x.test", "list1@x.test"},
    };
    for (const auto& row : rows) {
        auto found = read_sample(row.file);
        ASSERT_TRUE(found.message) << row.file << ": " << found.message.error().text;
        EXPECT_EQ(found.message->envelope.sender, row.sender) << row.file;
        EXPECT_EQ(recipients(*found.message), row.recipients) << row.file;
        EXPECT_TRUE(found.message->not_understood.empty())
            << row.file << ": " << found.message->not_understood.front();
    }
}

TEST(SpoolMessage, KeepsEverythingThatTheClientAskedFor)
{
    auto found = read_sample("dsn");
    ASSERT_TRUE(found.message);
    const auto& envelope = found.message->envelope;
    EXPECT_EQ(envelope.dsn_envid, "abc+def");
    EXPECT_EQ(envelope.dsn_return, mail::DsnReturn::Headers);
    EXPECT_EQ(envelope.body, mail::BodyType::EightBitMime);
    EXPECT_EQ(envelope.client.name_and_address(), "localhost[127.0.0.1]");
    EXPECT_EQ(envelope.client.helo, "client.test");
    EXPECT_EQ(envelope.client.protocol, "ESMTP");
    EXPECT_EQ(base::unix_seconds(envelope.arrival), 1'795'766'136);
    EXPECT_EQ(base::unix_seconds(found.message->schedule.warn_at), 1'795'780'536);
    ASSERT_EQ(found.message->recipients.size(), 1u);
    const auto& recipient = found.message->recipients[0].recipient;
    EXPECT_EQ(recipient.dsn_orcpt, "rfc822;q+z@x.test");
    EXPECT_EQ(recipient.dsn_notify, mail::notify::success | mail::notify::delay);
    EXPECT_EQ(read_sample("virtual_alias").message->recipients[0].recipient.original, "a@v.test");
}

TEST(SpoolMessage, FollowsWhatMiltersChanged)
{
    auto headers = read_sample("milter_headers");
    EXPECT_TRUE(headers.content.starts_with("X-First: inserted\r\n\tfolded\r\nReceived: "))
        << headers.content;
    EXPECT_NE(headers.content.find("Subject: changed to something much longer"), std::string::npos);
    EXPECT_EQ(headers.content.find("X-Del:"), std::string::npos);
    EXPECT_NE(headers.content.find("X-Added: by milter\r\n\r\nbody\r\nmore\r\n"),
              std::string::npos);
    auto body = read_sample("body_replaced");
    EXPECT_EQ(body.content.find("body that is long"), std::string::npos);
    EXPECT_TRUE(body.content.ends_with("\r\n\r\n" + [] {
        std::string lines;
        for (int i = 0; i < 20; ++i)
            lines += "new body line\r\n";
        return lines;
    }()));
}

TEST(SpoolMessage, KnowsWhatIsToBecomeOfTheMessage)
{
    const struct {
        std::string_view file, name, value;
    } rows[] = {{"filter", queue::attribute::content_filter, "smtp:[127.0.0.1]:1"},
                {"redirect", queue::attribute::redirect, "other@y.test"},
                {"verp", queue::attribute::verp, "-="}};
    for (const auto& row : rows) {
        auto found = read_sample(row.file);
        ASSERT_TRUE(found.message);
        queue::Message message;
        message.attributes = found.message->attributes;
        EXPECT_EQ(message.attribute(row.name), row.value);
    }
}

TEST(SpoolMessage, ReadsMaildrop)
{
    auto found = read_sample("maildrop_flags", Origin::Maildrop);
    ASSERT_TRUE(found.message);
    EXPECT_EQ(found.message->full_name, "Full Name");
    EXPECT_EQ(recipients(*found.message), "d1@x.test d2@x.test");
    EXPECT_EQ(found.content, "Subject: in maildrop 2\r\n\r\nhello no newline");
    auto lines = read_sample("maildrop", Origin::Maildrop);
    EXPECT_NE(lines.content.find("\r\n.x\r\n" + std::string(5000, 'L') + "\r\n"),
              std::string::npos);
    EXPECT_FALSE(read_sample("maildrop").message.ok()); // In another queue it has no size record.
}

TEST(SpoolMessage, RefusesEveryFileThatIsCutOff)
{
    for (const char* name : {"milter_body", "partly_done", "held"}) {
        const std::string whole = sample(base::cat("spool_message/", name));
        ASSERT_TRUE(read(whole).message) << name;
        const std::size_t end =
            std::string_view(name) == "milter_body" ? whole.size() - 400 : whole.size();
        for (std::size_t size = 0; size < end; ++size) {
            auto found = read(std::string_view(whole).substr(0, size));
            ASSERT_FALSE(found.message) << name << " at " << size;
            ASSERT_FALSE(found.message.error().temporary());
        }
    }
}

TEST(SpoolMessage, TellsDamageFromWhatIsOnlyUnknown)
{
    const std::string time = record('T', "1700000000 1"), from = record('S', "a@b");
    const std::string to = record('R', "c@d"), text = record('M', "") + record('N', "hello");
    const std::string end = record('X', "") + record('E', "");
    const std::string size = record('C', "0 0 1 0 0 0");
    const struct {
        std::string_view name;
        std::string bytes;
        std::string_view want; // Of the error, or of what was not understood; empty: all is well.
        bool damaged;
    } rows[] = {
        {"whole", size + time + from + to + text + end, "", false},
        {"no size", time + from + to + text + end, "no size record", true},
        {"no time", size + from + to + text + end, "no time of arrival", true},
        {"no sender", size + time + to + text + end, "no sender", true},
        {"wrong place", record('C', "9 9 1 0 9 0") + time + from + to + text + end,
         "not where the size record says", true},
        {"strange content", size + time + from + to + text + record('Q', "x") + end,
         "that is no content", true},
        {"injected command", size + time + from + record('R', "c@d>\r\nDATA") + text + end,
         "that no client can have sent", true},
        {"injected sender", size + time + record('S', "a\nb@c") + to + text + end,
         "that no client can have sent", true},
        {"endless address", size + time + from + record('R', std::string(5000, 'x')) + text + end,
         "that no client can have sent", true},
        {"line in line", size + time + from + to + record('M', "") + record('N', "a\n.\nb") + end,
         "a line end inside the line", true},
        {"loop", size + time + from + to + record('p', "1") + text + end, "", true},
        {"pointer out", size + time + from + record('p', "99999") + to + text + end,
         "a pointer to nowhere", true},
        {"pointer of letters", size + time + from + record('p', "1x") + to + text + end,
         "a pointer to nowhere", true},
        {"endless length", size + "T\xff\xff\xff\xff\xff\xff", "no length", true},
        {"huge length", size + "T\xff\xff\xff\xff\x7f", "too long a record", true},
        {"wrong count", record('C', "0 0 3 0 0 0") + time + from + to + text + end,
         "recipients: 1, not 3", false},
        {"new record", size + time + from + record('Z', "?") + to + text + end, "record of type Z",
         false},
        {"new attribute", size + time + record('A', "colour=red") + from + to + text + end,
         "attribute colour=red", false},
        {"verp", size + time + from + record('V', "+=") + to + text + end, "", false},
        {"inspector", size + time + from + record('I', "smtp:x") + to + text + end,
         "inspection by smtp:x", false},
        {"bad notify", size + time + from + record('A', "notify_flags=99") + to + text + end,
         "NOTIFY 99", false},
    };
    for (const auto& row : rows) {
        auto found = read(row.bytes);
        ASSERT_EQ(!found.message.ok(), row.damaged) << row.name;
        std::string told = row.damaged ? found.message.error().text : "";
        if (!row.damaged && !found.message->not_understood.empty())
            told = found.message->not_understood.front();
        EXPECT_NE(told.find(row.want), std::string::npos) << row.name << ": " << told;
        EXPECT_EQ(told.empty(), row.want.empty() && !row.damaged) << row.name << ": " << told;
    }
}

TEST(SpoolMessage, ChecksOfAddressesAreNoMail)
{
    const std::string head = record('C', "0 0 1 0 0 0") + record('T', "1700000000 1");
    const std::string tail =
        record('S', "") + record('R', "c@d") + record('M', "") + record('X', "") + record('E', "");
    for (const char* bits : {"256", "512"})
        EXPECT_TRUE(
            read(head + record('A', base::cat("trace_flags=", bits)) + tail).message->check_only);
    EXPECT_FALSE(read(head + record('A', "trace_flags=1024") + tail).message->check_only);
    EXPECT_FALSE(read(head + tail).message->check_only);
}

TEST(DeliveryLog, FindsRecipientsByTheirPlace)
{
    const auto log = parse_delivery_log(sample("spool_log/two_recipients"));
    auto file = read_sample("partly_done");
    ASSERT_EQ(log.size(), 2u);
    EXPECT_EQ(log[0].address, "a@x.test");
    EXPECT_EQ(log[0].offset, file.message->recipients[0].offset);
    EXPECT_EQ(log[1].offset, file.message->recipients[2].offset);
    EXPECT_EQ(log[1].status, "4.4.1");
    EXPECT_TRUE(log[1].reason.ends_with("Connection refused"));
}

TEST(DeliveryLog, ReadsBothFormsAndPassesOverNonsense)
{
    const auto log = parse_delivery_log(sample("spool_log/old_form"));
    ASSERT_EQ(log.size(), 2u);
    EXPECT_EQ(log[0], (LoggedRecipient{"old@x.test", 0, "",
                                       "host mx.x.test[192.0.2.1] said: 450 4.2.1 busy (in reply "
                                       "to RCPT TO command)",
                                       "", ""}));
    EXPECT_EQ(log[1],
              (LoggedRecipient{"new@x.test", 1200, "5.1.1", "host mx.x.test said: 550 5.1.1 no",
                               "mx.x.test", "550 5.1.1 no"}));
    EXPECT_TRUE(parse_delivery_log("").empty());
    EXPECT_TRUE(parse_delivery_log("\n\n=\n<no end\n").empty());
}

} // namespace
} // namespace spool
