// SPDX-License-Identifier: Apache-2.0
// What a server offers in its reply to EHLO: see the header.
#include "lib/smtp/client_capabilities.h"

#include <algorithm>
#include <array>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace smtp {
namespace {

struct Keyword {
    std::string_view name;
    std::uint32_t bit;
};

constexpr std::array<Keyword, 10> keywords = {{
    {"PIPELINING", extension::pipelining},
    {"SIZE", extension::size},
    {"8BITMIME", extension::eight_bit_mime},
    {"SMTPUTF8", extension::smtputf8},
    {"DSN", extension::dsn},
    {"ENHANCEDSTATUSCODES", extension::enhanced_codes},
    {"CHUNKING", extension::chunking},
    {"STARTTLS", extension::starttls},
    {"AUTH", extension::auth},
    {"XFORWARD", extension::xforward},
}};

std::uint32_t bit_of(std::string_view word)
{
    const auto found = std::find_if(keywords.begin(), keywords.end(), [&](const Keyword& known) {
        return base::iequals(known.name, word);
    });
    return found == keywords.end() ? 0 : found->bit;
}

std::uint32_t bits_of(std::string_view list)
{
    std::uint32_t bits = 0;
    for (const std::string_view word : base::split(list, ", \t\r\n"))
        bits |= bit_of(word);
    return bits;
}

void append_words(std::string& to, const std::vector<std::string_view>& words)
{
    for (std::size_t i = 1; i < words.size(); ++i)
        base::append(to, to.empty() ? "" : " ", words[i]);
}

// A limit that is no number is as good as none: the server will say so itself.
void note_size(Capabilities& found, const std::vector<std::string_view>& words)
{
    if (words.size() < 2)
        return;
    if (const auto limit = base::parse_int<std::uint64_t>(words[1]))
        found.size_limit = *limit;
    else
        found.bad_size = words[1];
}

void note_keyword(Capabilities& found, std::string_view line, std::uint32_t discard)
{
    const std::vector<std::string_view> words = base::split(line, " \t=");
    const std::uint32_t bit = words.empty() ? 0 : bit_of(words[0]);
    if ((bit & discard) != 0) {
        base::append(found.discarded, found.discarded.empty() ? "" : " ", words[0]);
        return;
    }
    found.offered |= bit;
    if (bit == extension::size)
        note_size(found, words);
    if (bit == extension::auth)
        append_words(found.auth_mechanisms, words);
    if (bit == extension::xforward)
        append_words(found.xforward_attributes, words);
}

} // namespace

Capabilities parse_capabilities(const ServerReply& reply, std::string_view discard)
{
    Capabilities found;
    const std::uint32_t unwanted = bits_of(discard);
    const std::vector<std::string_view> lines = reply.lines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::string_view line = base::trim_left(lines[i]);
        if (i == 0)
            found.server_name = base::cut(line, ' ');
        else
            note_keyword(found, line, unwanted);
    }
    // RFC 6531 3.1: SMTPUTF8 without 8BITMIME is a fault of the server; both are meant.
    if (found.has(extension::smtputf8))
        found.offered |= extension::eight_bit_mime & ~unwanted;
    return found;
}

} // namespace smtp
