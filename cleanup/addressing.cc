// SPDX-License-Identifier: Apache-2.0
// Addresses; see addressing.h.
#include "cleanup/addressing.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/mail/address.h"

namespace cleanup {

using base::Result;
using base::Task;

namespace {

constexpr std::string_view not_accepted = " -- message not accepted, try again later";
constexpr std::string_view unreasonable = "unreasonable ";

constexpr unsigned bit(Role role)
{
    return 1U << static_cast<unsigned>(role);
}

struct ClassName {
    std::string_view name;
    Role role;
};
constexpr ClassName classes[] = {
    {"envelope_sender", Role::EnvelopeSender},
    {"envelope_recipient", Role::EnvelopeRecipient},
    {"header_sender", Role::HeaderSender},
    {"header_recipient", Role::HeaderRecipient},
};

unsigned roles_of(std::string_view parameter, const std::vector<std::string>& names)
{
    unsigned roles = 0;
    for (const auto& name : names) {
        unsigned found = 0;
        for (const auto& one : classes)
            found |= base::iequals(one.name, name) ? bit(one.role) : 0;
        if (found == 0)
            base::fatal(base::cat("bad ", parameter, " element: ", name));
        roles |= found;
    }
    return roles;
}

base::Error map_problem(const table::Maps& maps, std::string_view address, const base::Error& why)
{
    base::Log{}.warning(why.text);
    return base::temporary(
        base::cat(maps.title(), " map lookup problem for ", address, not_accepted));
}

// Other addresses of a header stay as they are.
bool is_sane(std::string_view address)
{
    const auto bad = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    return !address.empty() && std::none_of(address.begin(), address.end(), bad);
}

} // namespace

std::string masqueraded(std::string address, const std::vector<std::string>& domains)
{
    const auto at = address.rfind('@');
    if (at == std::string::npos)
        return address;
    const std::string_view domain = std::string_view(address).substr(at + 1);
    for (std::string_view parent : domains) {
        bool cut = true;
        for (; parent.starts_with('!'); parent.remove_prefix(1))
            cut = !cut;
        if (domain.size() < parent.size() ||
            !base::iequals(domain.substr(domain.size() - parent.size()), parent))
            continue;
        const std::size_t host = domain.size() - parent.size();
        if (host == 0)
            return address;
        if (domain[host - 1] != '.')
            continue;
        if (cut)
            address.erase(at + 1, host);
        return address;
    }
    return address;
}

Addressing::Addressing(table::Tables& tables, const route::Destinations& destinations,
                       const config::CleanupParams& params)
    : destinations_(destinations), params_(params),
      propagate_(route::propagates(destinations.params(), "canonical")),
      masquerade_roles_(roles_of("masquerade_classes", destinations.params().masquerade_classes())),
      masquerade_exceptions_(tables, {"masquerade_exceptions"},
                             destinations.params().masquerade_exceptions()),
      aliases_(tables, destinations),
      sender_bcc_(tables, "sender_bcc_maps", params.sender_bcc_maps()),
      recipient_bcc_(tables, "recipient_bcc_maps", params.recipient_bcc_maps())
{
    const auto& route = destinations.params();
    auto add = [&](const auto& maps, const auto& map_classes) {
        if (!maps().empty())
            canonical_.push_back(
                {{tables, maps.name(), maps()}, roles_of(map_classes.name(), map_classes())});
    };
    add(route.sender_canonical_maps, route.sender_canonical_classes);
    add(route.recipient_canonical_maps, route.recipient_canonical_classes);
    add(route.canonical_maps, route.canonical_classes);
}

static constexpr std::string_view mail_system_name = "MAILER-DAEMON";

std::string Addressing::mail_system(route::Context context) const
{
    return destinations_.rewriter().rewrite(mail_system_name, context);
}

bool Addressing::is_mail_system(const std::string& sender) const
{
    const auto local = route::Context::Local;
    return base::iequals(mail::local_part(sender), mail_system_name) &&
           base::iequals(destinations_.rewriter().rewrite(sender, local), mail_system(local));
}

const std::string& Addressing::empty_recipient() const
{
    return destinations_.params().empty_address_recipient();
}

bool Addressing::keeps_original() const
{
    return destinations_.params().enable_original_recipient();
}

Task<Result<void>> Addressing::map(std::string& address, const Mapping& mapping) const
{
    auto mapped = co_await route::map_one(destinations_, mapping.maps, address, propagate_);
    if (!mapped)
        co_return map_problem(mapping.maps, address, mapped.error());
    address = std::move(*mapped);
    co_return Result<void>{};
}

Task<Result<void>> Addressing::masquerade(std::string& address) const
{
    if (!masquerade_exceptions_.empty()) {
        auto excepted =
            co_await masquerade_exceptions_.match(base::lower(mail::local_part(address)));
        if (!excepted) {
            base::Log{}.warning(excepted.error().text);
            co_return base::temporary(
                base::cat(masquerade_exceptions_.title(), " map lookup problem", not_accepted));
        }
        if (*excepted)
            co_return Result<void>{};
    }
    address = masqueraded(std::move(address), destinations_.params().masquerade_domains());
    co_return Result<void>{};
}

Task<Result<std::string>> Addressing::rewrite(std::string address, Role role, Rules rules) const
{
    address = destinations_.rewriter().rewrite(address, rules.context);
    if (!rules.map || address.empty())
        co_return address;
    for (const auto& mapping : canonical_) {
        if ((mapping.roles & bit(role)) == 0)
            continue;
        auto mapped = co_await map(address, mapping);
        if (!mapped)
            co_return mapped.error();
    }
    if ((masquerade_roles_ & bit(role)) != 0 &&
        !destinations_.params().masquerade_domains().empty()) {
        auto done = co_await masquerade(address);
        if (!done)
            co_return done.error();
    }
    co_return address;
}

Task<Result<std::string>> Addressing::rewrite_field(std::string field, Role role, Rules rules) const
{
    const auto colon = field.find(':');
    if (colon == std::string::npos)
        co_return field;
    const auto limit = static_cast<std::size_t>(params_.header_address_token_limit());
    const auto value = std::string_view(field).substr(colon + 1);
    auto listed = mail::find_addresses(value, limit);
    std::vector<std::string> rewritten;
    rewritten.reserve(listed.size());
    for (const auto& one : listed) {
        if (!is_sane(one.address)) {
            rewritten.push_back(one.address);
            continue;
        }
        auto made = co_await rewrite(one.address, role, rules);
        if (!made)
            co_return made.error();
        rewritten.push_back(std::move(*made));
    }
    std::string fresh = mail::replace_addresses(value, listed, rewritten);
    field.replace(colon + 1, std::string::npos, fresh);
    co_return field;
}

bool Addressing::is_unreasonable(const base::Error& error)
{
    return error.text.starts_with(unreasonable);
}

Task<Result<std::vector<std::string>>> Addressing::expand(std::string recipient) const
{
    auto all = co_await aliases_.expand(recipient);
    if (!all && !is_unreasonable(all.error()))
        co_return map_problem(aliases_.maps(), recipient, all.error());
    co_return all;
}

Task<Result<std::optional<std::string>>> Addressing::find_bcc(const table::Maps& maps,
                                                              std::string address) const
{
    auto found = co_await destinations_.find_address(maps, address);
    if (!found) {
        base::Log{}.warning(found.error().text);
        co_return base::temporary(base::cat(maps.title(), " map lookup problem", not_accepted));
    }
    std::optional<std::string> value;
    if (*found)
        value = std::move((*found)->value);
    co_return value;
}

Task<Result<std::optional<std::string>>> Addressing::sender_bcc(std::string sender) const
{
    return find_bcc(sender_bcc_, std::move(sender));
}

Task<Result<std::optional<std::string>>> Addressing::recipient_bcc(std::string address) const
{
    return find_bcc(recipient_bcc_, std::move(address));
}

} // namespace cleanup
