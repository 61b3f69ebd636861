// SPDX-License-Identifier: Apache-2.0
// Real and odd messages pass unchanged but for the Received field: those of Python's test suite
// where they are installed, or of the directory that POSTHOUSE_MAIL_SAMPLES names.
#include <cstdlib>
#include <filesystem>

#include "lib/base/file.h"
#include "lib/mail/header.h"
#include "tests/unit/cleanup/cleanup_fixture.h"

namespace cleanup {
namespace {

class SamplesTest : public CleanupTest {};

std::string wire_form(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
            out += '\r';
        out += text[i];
    }
    return out;
}

// The first line of a mailbox file is made a field; a body without a separator gets one, and so
// does a last header line without a line end.
std::string expected(const std::string& message)
{
    class NoSink final : public mail::HeaderSink {
        void field(const mail::HeaderField&) override {}
    } sink;
    std::string out = (message.starts_with("From ") ? "X-Mailbox-Line: " : "") + message;
    if (message.starts_with(" ") || message.starts_with("\t"))
        return "\r\n" + message;
    mail::HeaderSplitter splitter;
    splitter.feed(out, sink);
    const bool ended = splitter.in_body();
    splitter.finish(sink);
    if (splitter.separator_missing())
        out.insert(splitter.header_size(), "\r\n");
    else if (!ended && !out.ends_with('\n'))
        out += "\r\n";
    return out;
}

TEST_F(SamplesTest, PassUnchanged)
{
    configure("message_drop_headers =\n");
    const char* named = std::getenv("POSTHOUSE_MAIL_SAMPLES");
    const std::filesystem::path where =
        named != nullptr ? named : "/usr/lib/python3.11/test/test_email/data";
    if (!std::filesystem::is_directory(where))
        GTEST_SKIP() << "no sample messages at " << where;
    int seen = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(where)) {
        if (!entry.is_regular_file())
            continue;
        auto text = base::read_file(entry.path(), 8U << 20);
        if (!text || text->empty())
            continue;
        const std::string message = wire_form(*text);
        ASSERT_EQ(send(message), "ok") << entry.path();
        EXPECT_EQ(stored_text(), expected(message)) << entry.path();
        EXPECT_TRUE(queue_.remove(queue::Queue::Incoming, id_));
        ++seen;
    }
    EXPECT_GT(seen, 0);
    RecordProperty("messages", seen);
    std::printf("%d messages\n", seen);
}

} // namespace
} // namespace cleanup
