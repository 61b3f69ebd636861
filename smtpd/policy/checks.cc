// SPDX-License-Identifier: Apache-2.0
// Which function decides for which restriction; see checks.h.
#include "smtpd/policy/checks.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace smtpd {

namespace {

struct Row {
    std::string_view name;
    Check check;
};

constexpr Row rows[] = {
    {"permit", check::permit},
    {"reject", check::reject},
    {"defer", check::defer},
    {"defer_if_permit", check::defer_if_permit},
    {"defer_if_reject", check::defer_if_reject},
    {"warn_if_reject", check::never},
    {"sleep", check::sleep},
    {"reject_unauth_pipelining", check::reject_unauth_pipelining},
    {"reject_plaintext_session", check::reject_plaintext_session},
    {"reject_multi_recipient_bounce", check::reject_multi_recipient_bounce},
    {"permit_mynetworks", check::permit_mynetworks},
    {"permit_inet_interfaces", check::permit_inet_interfaces},
    {"reject_unknown_client_hostname", check::reject_unknown_client_hostname},
    {"reject_unknown_client", check::reject_unknown_client_hostname},
    {"reject_unknown_reverse_client_hostname", check::reject_unknown_reverse_client_hostname},
    {"check_client_access", check::check_client_access},
    {"check_reverse_client_hostname_access", check::check_reverse_client_hostname_access},
    {"reject_invalid_helo_hostname", check::reject_invalid_helo_hostname},
    {"reject_invalid_hostname", check::reject_invalid_helo_hostname},
    {"reject_non_fqdn_helo_hostname", check::reject_non_fqdn_helo_hostname},
    {"reject_non_fqdn_hostname", check::reject_non_fqdn_helo_hostname},
    {"reject_unknown_helo_hostname", check::reject_unknown_helo_hostname},
    {"reject_unknown_hostname", check::reject_unknown_helo_hostname},
    {"check_helo_access", check::check_helo_access},
    {"reject_non_fqdn_sender", check::reject_non_fqdn_sender},
    {"reject_unknown_sender_domain", check::reject_unknown_sender_domain},
    {"reject_unlisted_sender", check::reject_unlisted_sender},
    {"check_sender_access", check::check_sender_access},
    {"permit_auth_destination", check::permit_auth_destination},
    {"reject_unauth_destination", check::reject_unauth_destination},
    {"defer_unauth_destination", check::defer_unauth_destination},
    {"reject_non_fqdn_recipient", check::reject_non_fqdn_recipient},
    {"reject_unknown_recipient_domain", check::reject_unknown_recipient_domain},
    {"reject_unlisted_recipient", check::reject_unlisted_recipient},
    {"check_recipient_maps", check::reject_unlisted_recipient},
    {"check_recipient_access", check::check_recipient_access},
    {"check_etrn_access", check::check_etrn_access},
};

using Places = std::array<Check, std::size(policy::restrictions)>;

// By the place of a restriction in its table. What cannot come true asks nothing.
constexpr Places by_place = [] {
    Places places{};
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (policy::restrictions[i].support == policy::Support::NeverTrue)
            places[i] = check::never;
        for (const Row& row : rows)
            if (row.name == policy::restrictions[i].name)
                places[i] = row.check;
    }
    return places;
}();

// By the names, since a function's address is no constant under the sanitizers of g++ 12.
constexpr bool agrees(std::size_t place)
{
    const policy::Restriction& restriction = policy::restrictions[place];
    bool present = restriction.support == policy::Support::NeverTrue;
    for (const Row& row : rows)
        present = present || row.name == restriction.name;
    return present != (restriction.support == policy::Support::Absent);
}

constexpr bool all_agree()
{
    for (std::size_t i = 0; i < std::size(policy::restrictions); ++i)
        if (!agrees(i))
            return false;
    return true;
}
static_assert(all_agree(), "a restriction of lib/policy has no check here, or is told absent");

} // namespace

Check check_of(const policy::Restriction& restriction)
{
    return by_place[static_cast<std::size_t>(&restriction - std::begin(policy::restrictions))];
}

} // namespace smtpd
