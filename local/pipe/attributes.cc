// SPDX-License-Identifier: Apache-2.0
// Attributes of pipe services; see attributes.h.
#include "local/pipe/attributes.h"

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace pipe_mail {

using base::Result;

namespace {

struct Flag {
    char letter;
    void (*set)(Attributes& attributes);
};
constexpr Flag flag_table[] = {
    {'B', [](Attributes& a) { a.text.blank_end = true; }},
    {'D', [](Attributes& a) { a.delivered_to = true; }},
    {'F', [](Attributes& a) { a.from_line = true; }},
    {'O', [](Attributes& a) { a.original_to = true; }},
    {'R', [](Attributes& a) { a.return_path = true; }},
    {'X', [](Attributes& a) { a.final_delivery = true; }},
    {'.', [](Attributes& a) { a.text.stuff_dots = true; }},
    {'>', [](Attributes& a) { a.text.quote_from = true; }},
    {'h', [](Attributes& a) { a.addresses.fold_domain = true; }},
    {'q', [](Attributes& a) { a.addresses.quote = true; }},
    {'u', [](Attributes& a) { a.addresses.fold_local = true; }},
};

Result<void> set_flags(Attributes& attributes, std::string_view value)
{
    for (const char letter : value) {
        const Flag* found = nullptr;
        for (const auto& flag : flag_table)
            if (flag.letter == letter)
                found = &flag;
        if (found == nullptr)
            return base::permanent(base::cat("unknown flag: ", letter));
        found->set(attributes);
    }
    return {};
}

Result<void> set_user(Attributes& attributes, std::string_view value)
{
    attributes.user = base::cut(value, ':');
    attributes.group = value;
    return {};
}

Result<void> set_directory(Attributes& attributes, std::string_view value)
{
    attributes.directory = value;
    return {};
}

Result<void> set_root(Attributes& attributes, std::string_view value)
{
    attributes.root = value;
    return {};
}

Result<void> set_line_end(Attributes& attributes, std::string_view value)
{
    attributes.text.line_end = unescape(value);
    return {};
}

Result<void> set_null_sender(Attributes& attributes, std::string_view value)
{
    attributes.addresses.null_sender = value;
    return {};
}

Result<void> set_size(Attributes& attributes, std::string_view value)
{
    const auto size = base::parse_int<std::uint64_t>(value);
    if (!size)
        return base::permanent(base::cat("bad size= value: ", value));
    attributes.size = *size;
    return {};
}

struct Attribute {
    std::string_view name;
    Result<void> (*set)(Attributes& attributes, std::string_view value);
};
constexpr Attribute attribute_table[] = {
    {"flags", set_flags}, {"user", set_user},    {"directory", set_directory},
    {"chroot", set_root}, {"eol", set_line_end}, {"null_sender", set_null_sender},
    {"size", set_size},
};

Result<void> set_attribute(Attributes& attributes, std::string_view word)
{
    std::string_view value = word;
    const auto name = base::cut(value, '=');
    for (const auto& attribute : attribute_table)
        if (base::iequals(attribute.name, name) && name.size() < word.size())
            return attribute.set(attributes, value);
    return base::permanent(base::cat("unknown attribute name: ", word));
}

// The character of an escape sequence, without its backslash, which is cut off `rest`.
char take_escape(std::string_view& rest)
{
    constexpr std::string_view letters = "abfnrtv", meanings = "\a\b\f\n\r\t\v";
    const char first = rest.front();
    if (first >= '0' && first <= '7') {
        unsigned code = 0;
        for (int i = 0; i < 3 && !rest.empty() && rest[0] >= '0' && rest[0] <= '7'; ++i) {
            code = code * 8 + static_cast<unsigned>(rest[0] - '0');
            rest.remove_prefix(1);
        }
        return static_cast<char>(code);
    }
    rest.remove_prefix(1);
    const auto letter = letters.find(first);
    return letter == std::string_view::npos ? first : meanings[letter];
}

} // namespace

std::string unescape(std::string_view text)
{
    std::string plain;
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        plain += c == '\\' && !text.empty() ? take_escape(text) : c;
    }
    return plain;
}

Result<Attributes> parse_attributes(const std::vector<std::string>& words)
{
    constexpr std::string_view argv = "argv=";
    Attributes attributes;
    attributes.addresses.null_sender = "MAILER-DAEMON";
    for (auto word = words.begin(); word != words.end(); ++word) {
        if (base::istarts_with(*word, argv)) {
            attributes.argv.assign(word, words.end());
            attributes.argv.front().erase(0, argv.size());
            break;
        }
        if (auto set = set_attribute(attributes, *word); !set)
            return set.error();
    }
    if (attributes.user.empty())
        return base::permanent("missing user= command-line attribute");
    if (attributes.argv.empty() || attributes.argv.front().empty())
        return base::permanent("missing argv= command-line attribute");
    return attributes;
}

} // namespace pipe_mail
