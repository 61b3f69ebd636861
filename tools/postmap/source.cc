// SPDX-License-Identifier: Apache-2.0
// Source files; see source.h.
#include "tools/postmap/source.h"

#include "lib/base/strings.h"
#include "lib/table/table.h"

namespace postmap {

// Where the first ':' outside quotation marks is.
static std::size_t colon_of(std::string_view line)
{
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\')
            ++i;
        else if (line[i] == '"')
            quoted = !quoted;
        else if (!quoted && line[i] == ':')
            return i;
    }
    return std::string_view::npos;
}

// Runs of blanks outside quotation marks become one; with `unquote`, quotation marks go.
static std::string squeezed(std::string_view text, bool unquote)
{
    std::string out;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '"')
            quoted = !quoted;
        bool skip = (c == '"' && unquote) ||
                    (!quoted && base::is_blank(c) && !out.empty() && base::is_blank(out.back()));
        if (c == '\\' && i + 1 < text.size()) {
            if (!unquote)
                out += c;
            out += text[++i];
        } else if (!skip) {
            out += !quoted && base::is_blank(c) ? ' ' : c;
        }
    }
    return out;
}

bool split_alias(std::string_view line, std::string& name, std::string& value, std::string& why)
{
    auto colon = colon_of(line);
    auto left = base::trim(line.substr(0, std::min(colon, line.size())));
    auto right =
        colon == std::string_view::npos ? std::string_view{} : base::trim(line.substr(colon + 1));
    if (left.empty() || right.empty()) {
        why = "need name:value pair";
        return false;
    }
    name = squeezed(left, true);
    value = squeezed(right, false);
    bool has_domain = left.front() != '"' && name.find('@') != std::string::npos;
    if (has_domain)
        why = "name must be local";
    return !has_domain;
}

static bool split_pair(std::string_view line, Item& item, std::string& why)
{
    table::Entry entry;
    if (!table::split_entry(line, entry, why)) {
        // The reader of texthash: says what it does about it; so do we, by leaving it out.
        if (why.starts_with("expected format"))
            why = "expected format: key whitespace value";
        return false;
    }
    item.key = entry.key;
    item.value = entry.value;
    if (item.key.back() == ':')
        why = "record is in \"key: value\" format; is this an alias file?";
    return true;
}

std::vector<Item> read_items(std::string_view text, const std::string& file, const Options& options,
                             table::Warnings& warnings)
{
    std::vector<Item> items;
    for (const auto& line : table::source_lines(text)) {
        Item item;
        item.line = line.line;
        std::string why;
        std::string place = base::cat(file, ", line ", line.line, ": ");
        bool usable = options.alias ? split_alias(line.text, item.key, item.value, why)
                                    : split_pair(line.text, item, why);
        if (!why.empty())
            warnings.push_back(place + why);
        if (usable && options.utf8 && !(base::is_utf8(item.key) && base::is_utf8(item.value))) {
            warnings.push_back(base::cat(place, "non-UTF-8 key or value -- ignoring this line"));
            usable = false;
        }
        if (!usable)
            continue;
        if (options.fold)
            item.key = table::fold_case(item.key);
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace postmap
