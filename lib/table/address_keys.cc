// SPDX-License-Identifier: Apache-2.0
// Addresses as keys; see address_keys.h.
#include "lib/table/address_keys.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace table {

std::size_t user_length(std::string_view local, const AddressRules& rules)
{
    if (rules.delimiters.empty() || base::iequals(local, "mailer-daemon") ||
        base::iequals(local, rules.double_bounce_sender))
        return local.size();
    auto at = local.find_first_of(rules.delimiters);
    // owner-list and list-request are names of their own, also where '-' is the delimiter.
    bool dash = at != std::string_view::npos && local[at] == '-';
    if (dash && (base::istarts_with(local, "owner-") ||
                 (local.size() > 8 && base::iequals(local.substr(local.size() - 8), "-request"))))
        return local.size();
    return at == std::string_view::npos || at == 0 ? local.size() : at;
}

AddressParts split_address(std::string_view address)
{
    auto at = address.rfind('@');
    if (at == std::string_view::npos)
        return {address, {}, false};
    return {address.substr(0, at), address.substr(at + 1), true};
}

static bool is_atom_char(char c)
{
    return base::is_alnum(c) || (c & 0x80) != 0 ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

std::string quote_local_part(std::string_view local)
{
    bool plain = !local.empty() && local.front() != '.' && local.back() != '.' &&
                 local.find("..") == std::string_view::npos &&
                 std::all_of(local.begin(), local.end(), is_atom_char);
    if (plain)
        return std::string(local);
    std::string out = "\"";
    for (char c : local) {
        if (c == '"' || c == '\\' || c == '\r')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::vector<Key> domain_keys(std::string_view domain, bool parents_without_dot)
{
    std::vector<Key> all;
    all.push_back({std::string(domain)});
    while (all.size() <= 128) { // A domain has at most 127 labels (RFC 1035 section 3.1).
        auto dot = domain.find('.', 1);
        if (domain.empty() || dot == std::string_view::npos)
            break;
        domain.remove_prefix(parents_without_dot ? dot + 1 : dot);
        if (!domain.empty() && domain != ".")
            all.push_back({std::string(domain)});
    }
    return all;
}

namespace {

// Adds the keys of one spelling of the local part. Full keys of the unquoted spelling are partial
// when a quoted one was tried before: a pattern sees an address once.
void add_keys(std::vector<Key>& all, const AddressParts& parts, std::uint8_t kinds,
              const std::string& full, const std::string& user)
{
    std::string at = parts.has_domain ? base::cat("@", parts.domain) : std::string();
    bool extended = user != full;
    Part whole = all.empty() ? Part::Whole : Part::Partial;
    if (kinds & keys::full)
        all.push_back({full + at, whole, false, !parts.has_domain});
    if ((kinds & keys::no_extension) && extended)
        all.push_back({user + at, Part::Partial, true, !parts.has_domain});
    if ((kinds & keys::local_part) && parts.has_domain) {
        all.push_back({full, Part::Partial, false, true});
        if (extended)
            all.push_back({user, Part::Partial, true, true});
    }
}

} // namespace

std::vector<Key> address_keys(std::string_view address, std::uint8_t kinds,
                              const AddressRules& rules)
{
    std::vector<Key> all;
    AddressParts parts = split_address(address);
    std::string full(parts.local);
    std::string user(parts.local.substr(0, user_length(parts.local, rules)));
    std::string quoted = quote_local_part(full);
    if (quoted != full && !full.empty())
        add_keys(all, parts, kinds, quoted, user == full ? quoted : quote_local_part(user));
    add_keys(all, parts, kinds, full, user);
    if (!parts.has_domain)
        for (auto& key : all)
            key.is_local_part = false;
    if ((kinds & keys::at_domain) && parts.has_domain)
        all.push_back({base::cat("@", parts.domain), Part::Partial, true});
    if ((kinds & keys::domain) && parts.has_domain) {
        auto domains = domain_keys(parts.domain, rules.parents_without_dot);
        if (!(kinds & keys::parents))
            domains.resize(1);
        std::move(domains.begin(), domains.end(), std::back_inserter(all));
    }
    if (kinds & keys::local_at) {
        all.push_back({full + "@", Part::Partial});
        if (user != full)
            all.push_back({user + "@", Part::Partial, true});
    }
    return all;
}

base::Task<base::Result<std::optional<Hit>>> find_first(const Maps& maps, std::vector<Key> all,
                                                        bool is_local)
{
    for (auto& key : all) {
        if (key.is_local_part && !is_local)
            continue;
        auto found = co_await maps.find(key.text, key.part);
        if (!found)
            co_return found.error();
        if (*found)
            co_return std::optional(Hit{std::move(**found), std::move(key)});
    }
    co_return std::optional<Hit>{};
}

} // namespace table
