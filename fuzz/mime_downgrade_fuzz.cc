// SPDX-License-Identifier: Apache-2.0
// Any bytes as a message for a 7-bit server: the result does not depend on the pieces it comes in,
// conversion is done after one pass, and what the content filter makes of it cannot be taken for
// more than one message by anybody.

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/mail/mime_downgrade.h"
#include "lib/smtp/client_content.h"

namespace {

void check(bool holds)
{
    if (!holds)
        __builtin_trap();
}

struct Converted {
    std::string text;
    std::string error;
    bool operator==(const Converted&) const = default;
};

Converted convert(std::string_view input, std::size_t step)
{
    mail::MimeDowngrade filter({10, 60});
    Converted result;
    for (std::size_t at = 0; at < input.size(); at += step)
        filter.feed(input.substr(at, step), result.text);
    filter.finish(result.text);
    result.error = filter.error();
    return result;
}

std::string to_wire(std::string_view input, std::size_t step, std::size_t limit)
{
    smtp::ContentFilter filter(limit);
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += step)
        filter.feed(input.substr(at, step), out);
    filter.finish(out);
    return out;
}

// RFC 5321 2.3.8 and 4.5.2: CR and LF only together, one lone dot, at the end.
void check_wire(std::string_view wire, std::size_t limit)
{
    check(wire.ends_with(".\r\n"));
    while (!wire.empty()) {
        const std::size_t end = wire.find("\r\n");
        check(end != wire.npos);
        const std::string_view line = wire.substr(0, end);
        check(line.find_first_of("\r\n") == line.npos);
        check(line.size() <= limit + (line.starts_with("..") ? 1 : 0));
        wire.remove_prefix(end + 2);
        check(!line.starts_with('.') || line.starts_with("..") || wire.empty());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const Converted whole = convert(input, size + 1);
    check(whole == convert(input, 1));

    constexpr std::size_t limit = 78;
    const std::string wire = to_wire(whole.text, size + 1, limit);
    check(wire == to_wire(whole.text, 1, limit));
    check_wire(wire, limit);
    return 0;
}
