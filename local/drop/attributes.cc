// SPDX-License-Identifier: Apache-2.0
// Attributes of drop services; see attributes.h.
#include "local/drop/attributes.h"

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace drop {

namespace {

using Set = bool (*)(Attributes& attributes, std::string_view value);

bool set_user(Attributes& attributes, std::string_view value)
{
    attributes.user = base::cut(value, ':');
    attributes.group = value;
    return !attributes.user.empty();
}

bool set_directory(Attributes& attributes, std::string_view value)
{
    attributes.directory = value;
    return value.starts_with('/');
}

// Only bits for reading and writing: mail is no program.
bool set_mode(Attributes& attributes, std::string_view value)
{
    const auto mode = base::parse_int<unsigned>(value, 8);
    attributes.mode = mode.value_or(0);
    return mode && (*mode & 0600) == 0600 && (*mode & ~0666U) == 0;
}

bool set_envelope(Attributes& attributes, std::string_view value)
{
    attributes.envelope = value == "yes";
    return attributes.envelope || value == "no";
}

bool set_line_end(Attributes& attributes, std::string_view value)
{
    attributes.crlf = value == "crlf";
    return attributes.crlf || value == "lf";
}

struct Attribute {
    std::string_view name;
    Set set;
};
constexpr Attribute attribute_table[] = {{"user", set_user},
                                         {"directory", set_directory},
                                         {"mode", set_mode},
                                         {"envelope", set_envelope},
                                         {"eol", set_line_end}};

base::Result<void> set_attribute(Attributes& attributes, std::string_view word)
{
    std::string_view value = word;
    const auto name = base::cut(value, '=');
    for (const auto& attribute : attribute_table) {
        if (attribute.name != name || name.size() == word.size())
            continue;
        if (!attribute.set(attributes, value))
            return base::permanent(base::cat("bad value: ", word));
        return {};
    }
    return base::permanent(base::cat("unknown attribute name: ", word));
}

} // namespace

base::Result<Attributes> parse_attributes(const std::vector<std::string>& words)
{
    Attributes attributes;
    for (const auto& word : words)
        if (auto set = set_attribute(attributes, word); !set)
            return set.error();
    for (const auto& [name, value] :
         {std::pair{"user", attributes.user}, std::pair{"directory", attributes.directory}})
        if (value.empty())
            return base::permanent(base::cat("missing ", name, "= command-line attribute"));
    return attributes;
}

} // namespace drop
