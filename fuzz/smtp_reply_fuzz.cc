// SPDX-License-Identifier: Apache-2.0
// Replies of a hostile server: a reply is the same in whatever pieces it comes, keeps its limits,
// and can be read as an EHLO reply and printed on one line.

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/smtp/client_capabilities.h"
#include "lib/smtp/reply_parser.h"

namespace {

void check(bool holds)
{
    if (!holds)
        __builtin_trap();
}

smtp::ReplyParser parse(std::string_view input, std::size_t step)
{
    smtp::ReplyParser parser;
    std::size_t used = 0;
    while (used < input.size() && parser.state() == smtp::ReplyParser::State::Reading)
        used += parser.feed(input.substr(used, step));
    return parser;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const smtp::ReplyParser whole = parse(input, size + 1);
    const smtp::ReplyParser pieces = parse(input, 1);
    check(whole.state() == pieces.state());
    check(whole.reply() == pieces.reply());

    const smtp::ServerReply& reply = whole.reply();
    check(reply.text.size() <= smtp::reply_text_limit);
    if (whole.state() != smtp::ReplyParser::State::Done)
        return 0;
    check(reply.code >= 0 && reply.code <= 999);
    check(smtp::leading_enhanced_code(reply.dsn) == reply.dsn);
    check(reply.one_line().find_first_of(std::string_view("\0\r\n", 3)) == std::string::npos);
    const smtp::Capabilities found = smtp::parse_capabilities(reply, "dsn, size");
    check(!found.has(smtp::extension::dsn | smtp::extension::size));
    return 0;
}
