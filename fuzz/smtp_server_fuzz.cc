// SPDX-License-Identifier: Apache-2.0
// The SMTP server session against arbitrary input, in pieces of arbitrary size. The first byte
// picks settings, the second the size of the pieces.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lib/base/log_sinks.h"
#include "tests/dialogue/fakes.h"

// The log is formatted as in service, and dropped.
namespace {
class NullSink final : public base::LogSink {
public:
    void write(base::LogLevel, std::string_view line) override
    {
        if (line.find('\n') != std::string_view::npos)
            std::abort();
    }
};

// What lies in the queue is lines in wire form, whatever came in.
void check_content(std::string_view content)
{
    if (!content.empty() && !content.ends_with("\r\n"))
        std::abort();
    for (std::size_t i = 0; i < content.size(); ++i)
        if (content[i] == '\n' && (i == 0 || content[i - 1] != '\r'))
            std::abort();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    NullSink sink;
    base::LogSink* before = base::set_log_sink(&sink);
    std::string_view input(reinterpret_cast<const char*>(data), size);
    fake::Server server;
    server.settings.bare_newline = static_cast<smtp::BareNewline>(data[0] & 3);
    server.settings.forbid_unauth_pipelining = (data[0] & 4) != 0;
    server.settings.delay_reject = (data[0] & 8) != 0;
    server.settings.strict_envelopes = (data[0] & 16) != 0;
    server.settings.message_size_limit = (data[0] & 32) != 0 ? 100 : 10'000'000;
    server.settings.hard_error_limit = 1000;
    std::size_t piece = data[1] == 0 ? size : data[1];
    server.connect();
    for (std::size_t at = 2; at < size && !server.closed; at += piece)
        server.send(input.substr(at, piece));
    if (!server.closed)
        server.session->lost();
    server.session->disconnected();
    for (const fake::Message& message : server.sink.queued)
        check_content(message.content);
    server.session.reset();
    base::set_log_sink(before);
    return 0;
}
