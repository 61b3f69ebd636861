// SPDX-License-Identifier: Apache-2.0
// However a message is cut, the header splitter finds the same fields and the same body; nothing is
// invented, and no field is larger than its limit. The first byte of the input chooses the cut.
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/mail/header.h"
#include "lib/mail/message_id.h"

namespace {

constexpr std::size_t limit = 64;
constexpr std::size_t cut_end = 2; // The line end that a cut field gets.

class Sink final : public mail::HeaderSink {
public:
    std::string text;
    void field(const mail::HeaderField& field) override
    {
        if (field.raw.size() > limit + cut_end || field.name.empty() ||
            field.unfolded().find('\n') != std::string::npos)
            __builtin_trap();
        const std::string value = field.unfolded();
        const std::string_view id = mail::quotable_message_id(value, true);
        if (id.size() > 900 || id.find_first_of("\r\n") != std::string_view::npos)
            __builtin_trap();
        text += field.raw;
        text += field.truncated ? '1' : '0';
    }
};

std::string split(std::string_view message, std::size_t piece)
{
    mail::HeaderSplitter splitter{limit};
    Sink sink;
    std::string body;
    for (std::size_t at = 0; at < message.size(); at += piece) {
        const std::string_view part = message.substr(at, piece);
        const bool was_in_body = splitter.in_body();
        const std::size_t taken = splitter.feed(part, sink);
        if (splitter.in_body() && !was_in_body)
            body += splitter.held_body();
        body += part.substr(taken);
    }
    const bool was_in_body = splitter.in_body();
    splitter.finish(sink);
    if (!was_in_body)
        body += splitter.held_body();
    if (splitter.header_size() + body.size() != message.size() || !message.ends_with(body))
        __builtin_trap();
    return sink.text + '\0' + body;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view message(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t piece = data[0] % 32 + 1;
    if (split(message, piece) != split(message, size))
        __builtin_trap();
    return 0;
}
