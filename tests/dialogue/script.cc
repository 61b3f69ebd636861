// SPDX-License-Identifier: Apache-2.0
// The reader of .smtp files; see script.h.
#include "tests/dialogue/script.h"

#include <optional>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace dialogue {

namespace {

struct Keyword {
    std::string_view word;
    Kind kind;
};
constexpr Keyword keywords[] = {
    {"config", Kind::Config},   {"fake", Kind::Fake},      {"C:", Kind::Send},
    {"raw", Kind::Send},        {"S:", Kind::ReplyPrefix}, {"S~", Kind::ReplyRegex},
    {"S*", Kind::ReplyLast},    {"wait", Kind::Wait},      {"close", Kind::Close},
    {"timeout", Kind::Timeout}, {"expect", Kind::Expect},
};

// One escape after a backslash; cuts it off `rest`.
std::optional<char> escape(std::string_view& rest)
{
    char c = rest.empty() ? '\0' : rest[0];
    rest.remove_prefix(rest.empty() ? 0 : 1);
    switch (c) {
    case 'r': return '\r';
    case 'n': return '\n';
    case 't': return '\t';
    case '0': return '\0';
    case '\\': return '\\';
    case '{': return '{';
    case 'x': break;
    default: return std::nullopt;
    }
    auto byte = base::parse_int<unsigned char>(rest.substr(0, 2), 16);
    rest.remove_prefix(std::min<std::size_t>(2, rest.size()));
    if (!byte)
        return std::nullopt;
    return static_cast<char>(*byte);
}

// "N*TEXT}" after an opening brace.
bool repeat(std::string_view& rest, std::string& out)
{
    std::string_view inside = base::cut(rest, '}');
    auto times = base::parse_int<unsigned>(base::cut(inside, '*'));
    base::Result<std::string> unit = unescape(inside);
    if (!times || !unit)
        return false;
    for (unsigned i = 0; i < *times; ++i)
        out += *unit;
    return true;
}

} // namespace

base::Result<std::string> unescape(std::string_view rest)
{
    std::string out;
    while (!rest.empty()) {
        char c = rest[0];
        rest.remove_prefix(1);
        if (c == '{') {
            if (!repeat(rest, out))
                return base::permanent("bad repetition");
            continue;
        }
        std::optional<char> byte = c == '\\' ? escape(rest) : c;
        if (!byte)
            return base::permanent("bad escape");
        out.push_back(*byte);
    }
    return out;
}

base::Result<std::vector<ScriptStep>> parse_script(std::string_view text)
{
    std::vector<ScriptStep> steps;
    for (int number = 1; !text.empty(); ++number) {
        std::string_view line = base::cut(text, '\n');
        if (line.empty() || line[0] == '#')
            continue;
        std::string_view word = base::cut(line, ' ');
        const Keyword* found = nullptr;
        for (const Keyword& keyword : keywords)
            if (keyword.word == word)
                found = &keyword;
        if (found == nullptr)
            return base::permanent(base::cat("line ", number, ": unknown step ", word));
        ScriptStep step{found->kind, std::string(line), number};
        if (word == "C:")
            step.text += "\r\n";
        if (word == "raw") {
            base::Result<std::string> bytes = unescape(line);
            if (!bytes)
                return bytes.error().in(base::cat("line ", number));
            step.text = std::move(*bytes);
        }
        steps.push_back(std::move(step));
    }
    return steps;
}

} // namespace dialogue
