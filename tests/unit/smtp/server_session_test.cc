// SPDX-License-Identifier: Apache-2.0
// What dialogue files cannot say of the server session: size, speed, bounds, cancellation.
#include <chrono>
#include <cstdio>
#include <gtest/gtest.h>

#include "lib/base/log_sinks.h"
#include "lib/smtp/reply.h"
#include "tests/dialogue/fakes.h"

namespace {

struct QuietLog {
    base::MemoryLogSink sink;
    base::LogSink* before = base::set_log_sink(&sink);
    ~QuietLog() { base::set_log_sink(before); }
};

std::string mebibyte_of_lines()
{
    std::string body;
    while (body.size() < 1u << 20)
        body += std::string(76, 'x') + "\r\n";
    return body + ".\r\n";
}

} // namespace

TEST(ServerSession, IdleSessionsAreSmall)
{
    EXPECT_LE(sizeof(smtp::ServerSession), 1024u);
}

TEST(ServerSession, MillionOneByteChunksTakeNoMemory) // BDAT-02
{
    QuietLog quiet;
    fake::Server server;
    server.sink.keep_content = false;
    server.settings.message_size_limit = 0;
    server.connect();
    server.send("EHLO x\r\n");
    server.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n");
    for (int i = 0; i < 1'000'000; ++i)
        server.ask("BDAT 1\r\nx");
    EXPECT_EQ(server.ask("BDAT 1 LAST\r\n\n"), "250 2.0.0 Ok: 1000002 bytes queued as 4F1000\r\n");
    EXPECT_EQ(server.sink.queued[0].size, 1'000'002u);
}

TEST(ServerSession, EndingHalfWayAbandonsTheMessage)
{
    QuietLog quiet;
    fake::Server server;
    server.connect();
    server.send("EHLO x\r\n");
    server.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n");
    server.send("DATA\r\n");
    server.send("some");
    server.session.reset();
    EXPECT_EQ(server.sink.abandoned, 1);
    EXPECT_TRUE(server.sink.queued.empty());
}

TEST(ServerSession, RepliesMadeFromForeignTextAreWellFormed) // CMD-09
{
    struct Row {
        std::string input;
        std::string want;
    };
    const Row table[] = {{"550 5.7.1 no", "550 5.7.1 no"},
                         {"5.7.2", "451 x"},
                         {"550", "451 x"},
                         {"550-", "451 x"},
                         {"550 ", "451 x"},
                         {"", "451 x"},
                         {"250 ok", "451 x"},
                         {"550 5.7.1 a\r\n250 b", "550 5.7.1 a  250 b"},
                         {"550 5.7.2", "550 5.7.2 Command rejected"}};
    for (const Row& row : table)
        EXPECT_EQ(smtp::sanitize_reply(row.input, "451 x"), row.want);
    EXPECT_LE(smtp::sanitize_reply("550 " + std::string(10240, 'x'), "").size(),
              smtp::server_reply_limit);
}

TEST(ServerSession, PrintsHowFastContentPasses)
{
    QuietLog quiet;
    const std::string body = mebibyte_of_lines();
    fake::Server server;
    server.sink.keep_content = false;
    server.connect();
    server.send("EHLO x\r\n");
    constexpr int rounds = 200;
    std::chrono::nanoseconds spent{};
    for (int i = 0; i < rounds; ++i) {
        server.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n");
        server.send("DATA\r\n");
        auto start = std::chrono::steady_clock::now();
        // As a driver does: 64 KiB at a time, from its own buffer.
        for (std::size_t at = 0; at < body.size();) {
            auto frame = std::string_view(body).substr(at, 65536);
            at += fake::run(server.session->on_input(frame)).consumed;
        }
        spent += std::chrono::steady_clock::now() - start;
    }
    ASSERT_EQ(server.sink.queued.size(), static_cast<std::size_t>(rounds));
    EXPECT_EQ(server.sink.queued[0].size, body.size() - 3);
    double seconds = std::chrono::duration<double>(spent).count();
    std::printf("content: %.2f GB/s\n", static_cast<double>(body.size()) * rounds / seconds / 1e9);
}
