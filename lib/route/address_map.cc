// SPDX-License-Identifier: Apache-2.0
// Tables that replace addresses; see address_map.h.
#include "lib/route/address_map.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace route {

bool propagates(const config::RouteParams& params, std::string_view kind)
{
    const auto& kinds = params.propagate_unmatched_extensions();
    return std::any_of(kinds.begin(), kinds.end(),
                       [kind](const auto& one) { return base::iequals(one, kind); });
}

// Where the first address of `text` ends: at a comma outside quotation marks, or at a blank where
// there are no phrases with <address>.
static std::size_t element_end(std::string_view text)
{
    bool quoted = false;
    bool phrases = text.find('<') != std::string_view::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && (text[i] == ',' || (!phrases && base::is_blank(text[i]))))
            return i;
    }
    return text.size();
}

// "Name <address>" is the address between the brackets.
static std::string_view inside_brackets(std::string_view text)
{
    auto open = text.rfind('<');
    if (open == std::string_view::npos || text.back() != '>')
        return text;
    return base::trim(text.substr(open + 1, text.size() - open - 2));
}

static std::string unquoted(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size())
            out += text[++i];
        else if (text[i] != '"')
            out += text[i];
    }
    return out;
}

std::vector<std::string> parse_address_list(std::string_view text, const Rewriter& rewriter)
{
    std::vector<std::string> all;
    while (!text.empty()) {
        auto end = element_end(text);
        std::string_view element = base::trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (element.empty())
            continue;
        auto address = rewriter.rewrite(unquoted(inside_brackets(element)), Context::Local);
        if (!address.empty())
            all.push_back(std::move(address));
    }
    return all;
}

static std::string with_extension(const std::string& address, std::string_view extension)
{
    auto parts = table::split_address(address);
    std::string out = base::cat(parts.local, extension);
    if (parts.has_domain)
        base::append(out, "@", parts.domain);
    return out;
}

base::Task<base::Result<std::optional<std::vector<std::string>>>>
map_address(const Destinations& destinations, const table::Maps& maps, std::string address,
            bool propagate)
{
    auto hit = co_await destinations.find_address(maps, address);
    if (!hit)
        co_return hit.error();
    if (!*hit)
        co_return std::optional<std::vector<std::string>>{};
    std::string_view local = table::split_address(address).local;
    std::string_view extension =
        local.substr(table::user_length(local, destinations.address_rules()));
    bool keeps_local = (*hit)->value.front() == '@';
    std::string value = (*hit)->value;
    if (keeps_local)
        value = base::cat(table::quote_local_part(local), value);
    auto results = parse_address_list(value, destinations.rewriter());
    if (propagate && (*hit)->key.drops_extension && !extension.empty() && !keeps_local)
        for (auto& result : results)
            result = with_extension(result, extension);
    co_return std::optional(std::move(results));
}

base::Task<base::Result<std::string>> map_one(const Destinations& destinations,
                                              const table::Maps& maps, std::string address,
                                              bool propagate)
{
    auto mapped = co_await map_address(destinations, maps, address, propagate);
    if (!mapped)
        co_return mapped.error();
    if (!*mapped || (*mapped)->empty())
        co_return address;
    co_return std::move((*mapped)->front());
}

AliasExpander::AliasExpander(table::Tables& tables, const Destinations& destinations)
    : destinations_(destinations),
      maps_(tables, "virtual_alias_maps", destinations.params().virtual_alias_maps()),
      propagate_(propagates(destinations.params(), "virtual"))
{
}

base::Error AliasExpander::unreasonable(std::string_view what, std::string_view address) const
{
    return base::temporary(base::cat("unreasonable ", maps_.title(), " ", what, " for ",
                                     address.substr(0, 300),
                                     " -- message not accepted, try again later"));
}

// Replaces all[at] until nothing has an entry for it; further results go to the end of `all`.
base::Task<base::Result<void>> AliasExpander::expand_one(std::vector<std::string>& all,
                                                         std::size_t at) const
{
    const auto& params = destinations_.params();
    auto longest = static_cast<std::size_t>(params.virtual_alias_address_length_limit());
    for (std::int64_t depth = 0;; ++depth) {
        if (depth >= params.virtual_alias_recursion_limit())
            co_return unreasonable("map nesting", all[at]);
        auto mapped = co_await map_address(destinations_, maps_, all[at], propagate_);
        if (!mapped)
            co_return mapped.error();
        if (!*mapped || (*mapped)->empty())
            co_return base::Result<void>{};
        std::string before = all[at];
        for (const auto& result : **mapped)
            if (result.size() > longest)
                co_return unreasonable("result size", result);
        all[at] = std::move((*mapped)->front());
        // An address may be among its own results: it is done then, and the others go on.
        for (std::size_t i = 1; i < (*mapped)->size(); ++i) {
            if (base::iequals((**mapped)[i], before))
                std::swap(all[at], (**mapped)[i]);
            if (std::find(all.begin(), all.end(), (**mapped)[i]) == all.end())
                all.push_back(std::move((**mapped)[i]));
        }
        if (base::iequals(all[at], before))
            co_return base::Result<void>{};
    }
}

base::Task<base::Result<std::vector<std::string>>>
AliasExpander::expand(std::string recipient) const
{
    auto most = static_cast<std::size_t>(destinations_.params().virtual_alias_expansion_limit());
    std::vector<std::string> all{recipient};
    if (maps_.empty())
        co_return all;
    for (std::size_t at = 0; at < all.size(); ++at) {
        auto done = co_await expand_one(all, at);
        if (!done)
            co_return done.error();
        if (all.size() > most)
            co_return unreasonable("map expansion size", recipient);
    }
    std::vector<std::string> unique;
    for (auto& address : all)
        if (std::find(unique.begin(), unique.end(), address) == unique.end())
            unique.push_back(std::move(address));
    co_return unique;
}

} // namespace route
