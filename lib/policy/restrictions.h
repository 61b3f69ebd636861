// SPDX-License-Identifier: Apache-2.0
// The words of smtpd_*_restrictions: what there is, what each is followed by, and whether this
// release can do it. What a word decides is said in smtpd/policy.
#pragma once

#include <string_view>

namespace policy {

// What follows the word in a list.
enum class Argument : unsigned char { None, Table, Number, Other };

enum class Support : unsigned char {
    Absent,    // Without it mail would pass that should not: such a list is not started with.
    Here,      // smtpd/policy decides.
    NeverTrue, // What it asks for cannot come true in this release: it decides nothing.
};

struct Restriction {
    std::string_view name;
    Argument argument = Argument::None;
    Support support = Support::Absent;
};

inline constexpr Restriction restrictions[] = {
    {"permit", Argument::None, Support::Here},
    {"reject", Argument::None, Support::Here},
    {"defer", Argument::None, Support::Here},
    {"defer_if_permit", Argument::None, Support::Here},
    {"defer_if_reject", Argument::None, Support::Here},
    {"warn_if_reject", Argument::None, Support::Here}, // Acted on where lists are asked.
    {"sleep", Argument::Number, Support::Here},
    {"reject_unauth_pipelining", Argument::None, Support::Here},
    {"reject_plaintext_session", Argument::None, Support::Here},
    {"reject_multi_recipient_bounce", Argument::None, Support::Here},

    {"permit_mynetworks", Argument::None, Support::Here},
    {"permit_inet_interfaces", Argument::None, Support::Here},
    {"reject_unknown_client_hostname", Argument::None, Support::Here},
    {"reject_unknown_client", Argument::None, Support::Here},
    {"reject_unknown_reverse_client_hostname", Argument::None, Support::Here},
    {"check_client_access", Argument::Table, Support::Here},
    {"check_reverse_client_hostname_access", Argument::Table, Support::Here},

    {"reject_invalid_helo_hostname", Argument::None, Support::Here},
    {"reject_invalid_hostname", Argument::None, Support::Here},
    {"reject_non_fqdn_helo_hostname", Argument::None, Support::Here},
    {"reject_non_fqdn_hostname", Argument::None, Support::Here},
    {"reject_unknown_helo_hostname", Argument::None, Support::Here},
    {"reject_unknown_hostname", Argument::None, Support::Here},
    {"check_helo_access", Argument::Table, Support::Here},

    {"reject_non_fqdn_sender", Argument::None, Support::Here},
    {"reject_unknown_sender_domain", Argument::None, Support::Here},
    {"reject_unlisted_sender", Argument::None, Support::Here},
    {"check_sender_access", Argument::Table, Support::Here},

    {"permit_auth_destination", Argument::None, Support::Here},
    {"reject_unauth_destination", Argument::None, Support::Here},
    {"defer_unauth_destination", Argument::None, Support::Here},
    {"reject_non_fqdn_recipient", Argument::None, Support::Here},
    {"reject_unknown_recipient_domain", Argument::None, Support::Here},
    {"reject_unlisted_recipient", Argument::None, Support::Here},
    {"check_recipient_maps", Argument::None, Support::Here},
    {"check_recipient_access", Argument::Table, Support::Here},
    {"check_etrn_access", Argument::Table, Support::Here},

    // What cannot match: nobody is logged in or has a certificate. What would only permit, and this
    // release lacks, permits nobody.
    {"permit_sasl_authenticated", Argument::None, Support::NeverTrue},
    {"permit_tls_clientcerts", Argument::None, Support::NeverTrue},
    {"permit_tls_all_clientcerts", Argument::None, Support::NeverTrue},
    {"permit_mx_backup", Argument::None, Support::NeverTrue},
    {"permit_naked_ip_address", Argument::None, Support::NeverTrue},
    {"permit_dnswl_client", Argument::Other, Support::NeverTrue},
    {"permit_rhswl_client", Argument::Other, Support::NeverTrue},
    {"check_sasl_access", Argument::Table, Support::NeverTrue},
    {"check_ccert_access", Argument::Table, Support::NeverTrue},
    {"reject_authenticated_sender_login_mismatch", Argument::None, Support::NeverTrue},

    // What would refuse, and this release lacks.
    {"reject_rbl_client", Argument::Other},
    {"reject_rhsbl_client", Argument::Other},
    {"reject_rhsbl_reverse_client", Argument::Other},
    {"reject_rhsbl_helo", Argument::Other},
    {"reject_rhsbl_sender", Argument::Other},
    {"reject_rhsbl_recipient", Argument::Other},
    {"reject_maps_rbl", Argument::None},
    {"check_policy_service", Argument::Other},
    {"check_relay_domains", Argument::None},
    {"reject_unverified_sender", Argument::None},
    {"reject_unverified_recipient", Argument::None},
    {"reject_sender_login_mismatch", Argument::None},
    {"reject_known_sender_login_mismatch", Argument::None},
    {"reject_unauthenticated_sender_login_mismatch", Argument::None},
    {"reject_unknown_address", Argument::None},
    {"check_client_a_access", Argument::Table},
    {"check_client_mx_access", Argument::Table},
    {"check_client_ns_access", Argument::Table},
    {"check_reverse_client_hostname_a_access", Argument::Table},
    {"check_reverse_client_hostname_mx_access", Argument::Table},
    {"check_reverse_client_hostname_ns_access", Argument::Table},
    {"check_helo_a_access", Argument::Table},
    {"check_helo_mx_access", Argument::Table},
    {"check_helo_ns_access", Argument::Table},
    {"check_sender_a_access", Argument::Table},
    {"check_sender_mx_access", Argument::Table},
    {"check_sender_ns_access", Argument::Table},
    {"check_recipient_a_access", Argument::Table},
    {"check_recipient_mx_access", Argument::Table},
    {"check_recipient_ns_access", Argument::Table},
};

// Row of the table, in any case; nullptr when there is none.
const Restriction* find_restriction(std::string_view name);
// A name near to a wrong one, or empty.
std::string_view near_restriction(std::string_view name);

// The parameters that hold lists, and what a bare type:table means in each; empty: nothing.
struct ListParameter {
    std::string_view name;
    std::string_view table_rule;
};
inline constexpr ListParameter list_parameters[] = {
    {"smtpd_client_restrictions", "check_client_access"},
    {"smtpd_helo_restrictions", "check_helo_access"},
    {"smtpd_sender_restrictions", "check_sender_access"},
    {"smtpd_relay_restrictions", "check_recipient_access"},
    {"smtpd_recipient_restrictions", "check_recipient_access"},
    {"smtpd_data_restrictions", {}},
    {"smtpd_end_of_data_restrictions", {}},
    {"smtpd_etrn_restrictions", "check_etrn_access"},
};

// "" for a name that is none of them.
std::string_view table_rule_of(std::string_view parameter);

} // namespace policy
