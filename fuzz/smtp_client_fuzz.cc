// SPDX-License-Identifier: Apache-2.0
// A server that sends any bytes at all to our client, in pieces of any size: each recipient gets a
// result, and a message is said to be delivered only if the server could have said so.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/log_sinks.h"
#include "lib/base/task.h"
#include "lib/smtp/client_session.h"

namespace {

using base::Task;

class Server final : public smtp::ClientTransport {
public:
    Server(std::string_view replies, std::size_t step) : replies_(replies), step_(step) {}

    Task<smtp::WireStatus> send(std::span<const std::string_view>, base::Deadline) override
    {
        co_return smtp::WireStatus::Ok;
    }
    Task<smtp::Received> receive(std::span<char> into, base::Deadline) override
    {
        const std::size_t count = std::min({into.size(), replies_.size(), step_});
        std::memcpy(into.data(), replies_.data(), count);
        replies_.remove_prefix(count);
        co_return smtp::Received{smtp::WireStatus::Ok, count};
    }

private:
    std::string_view replies_;
    std::size_t step_;
};

class Content final : public smtp::ContentSource {
public:
    Task<base::Result<smtp::ContentChunk>> next() override
    {
        co_return smtp::ContentChunk{"Content-Transfer-Encoding: 8bit\r\n\r\n\xc3\xbc\r\n", true};
    }
};

class Silence final : public base::LogSink {
public:
    void write(base::LogLevel, std::string_view) override {}
};

Task<void> talk(smtp::ClientSession& session, const smtp::ClientMessage& message, bool& done)
{
    const std::optional<smtp::Attempt> failure = co_await session.open();
    for (int i = 0; i < 3 && !failure; ++i) {
        const smtp::DeliveryReport report = co_await session.deliver(message);
        for (const smtp::Attempt& attempt : report.attempts) {
            const mail::Outcome& got = attempt.outcome;
            if (got.status == mail::Status::Queued || got.dsn.empty() || got.text.empty())
                __builtin_trap();
            if (got.status == mail::Status::Sent && !got.dsn.starts_with('2'))
                __builtin_trap();
        }
    }
    co_await session.quit();
    done = true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    static Silence silence;
    base::set_log_sink(&silence);
    smtp::ClientSettings settings;
    settings.helo_name = "me.example";
    settings.dialect = (data[0] & 1) != 0 ? smtp::Dialect::Lmtp : smtp::Dialect::Smtp;
    const smtp::RemoteServer remote{"mx", "mx[192.0.2.1]", "mx[192.0.2.1]:25", "example", false};
    const base::ManualClock clock;
    const base::Log log;
    const mail::Envelope envelope;
    const std::vector<mail::Recipient> recipients = {{"a@x", "a@x", "", 0}, {"b@x", "", "", 0}};
    Content content;
    Server server({reinterpret_cast<const char*>(data) + 1, size - 1}, data[0] % 64 + 1);
    smtp::ClientSession session({settings, remote, server, clock, log});
    const smtp::ClientMessage message{envelope, recipients, {}, &content};

    bool done = false;
    base::Scope scope;
    scope.spawn(talk(session, message, done));
    if (!done)
        __builtin_trap();
    return 0;
}
