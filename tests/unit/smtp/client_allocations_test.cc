// SPDX-License-Identifier: Apache-2.0
// What one message on an open connection costs. A program of its own, because it counts every
// operator new of its process.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "lib/base/task.h"
#include "lib/smtp/client_session.h"

namespace {
std::size_t allocations = 0;
}

[[gnu::noinline]] void* operator new(std::size_t size)
{
    ++allocations;
    void* memory = std::malloc(size);
    if (memory == nullptr)
        std::abort();
    return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept
{
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace {

using base::Task;

// Answers each send with the next of its texts.
class Server final : public smtp::ClientTransport {
public:
    Task<smtp::WireStatus> send(std::span<const std::string_view> pieces, base::Deadline) override
    {
        ++calls;
        if (pieces.size() == 2)
            content = pieces[0].data();
        co_return smtp::WireStatus::Ok;
    }
    Task<smtp::Received> receive(std::span<char> into, base::Deadline) override
    {
        ++calls;
        const std::string_view text = texts[next < 2 ? next : 2 + next % 2];
        ++next;
        std::memcpy(into.data(), text.data(), text.size());
        co_return smtp::Received{smtp::WireStatus::Ok, text.size()};
    }

    int calls = 0;
    int next = 0;
    const char* content = nullptr;
    std::array<std::string_view, 4> texts = {
        "220 mx ESMTP\r\n", "250-mx\r\n250-PIPELINING\r\n250 SIZE\r\n",
        "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go\r\n", "250 2.0.0 Ok: queued as 123\r\n"};
};

class Content final : public smtp::ContentSource {
public:
    explicit Content(std::string_view text) : text_(text) {}
    Task<base::Result<smtp::ContentChunk>> next() override
    {
        co_return smtp::ContentChunk{text_, true};
    }

private:
    std::string_view text_;
};

Task<void> open(smtp::ClientSession& session)
{
    EXPECT_FALSE(co_await session.open());
}

Task<void> deliver(smtp::ClientSession& session, const smtp::ClientMessage& message)
{
    const smtp::DeliveryReport report = co_await session.deliver(message);
    EXPECT_EQ(report.attempts[0].outcome.status, mail::Status::Sent);
}

} // namespace

TEST(ClientAllocations, AreFewForAMessageOnAnOpenConnection)
{
    smtp::ClientSettings settings;
    const smtp::RemoteServer remote{"mx.example", "mx.example[192.0.2.1]",
                                    "mx.example[192.0.2.1]:25", "example.org", false};
    Server server;
    const base::ManualClock clock;
    const base::Log log;
    smtp::ClientSession session({settings, remote, server, clock, log});
    const mail::Envelope envelope;
    const std::vector<mail::Recipient> recipients = {{"a@x", "a@x", "", 0}};
    const std::string text(4096, 'x');
    const smtp::ContentFacts clean{text.size(), 78, false, false, true, false, false};

    base::Scope scope;
    scope.spawn(open(session));
    for (int i = 0; i < 3; ++i) {
        Content content(text);
        const smtp::ClientMessage message{envelope, recipients, clean, &content};
        server.calls = 0;
        const std::size_t before = allocations;
        scope.spawn(deliver(session, message));
        const std::size_t used = allocations - before;
        RecordProperty("allocations", static_cast<int>(used));
        EXPECT_EQ(server.calls, 4);
        EXPECT_EQ(server.content, text.data()); // Not copied.
        EXPECT_LE(used, 30u);
    }
}
