// SPDX-License-Identifier: Apache-2.0
// What services that take mail in have in common: smtpd and pickup each declare these two.
#pragma once

#include <array>

#include "lib/config/param_lists.h"

namespace config {

enum class InputOption : unsigned char {
    NoUnknownRecipientChecks,
    NoAddressMappings,
    NoHeaderBodyChecks,
    NoMilters
};
constexpr auto choice_table(InputOption) -> std::array<ChoiceName<InputOption>, 4>
{
    return {{{"no_unknown_recipient_checks", InputOption::NoUnknownRecipientChecks},
             {"no_address_mappings", InputOption::NoAddressMappings},
             {"no_header_body_checks", InputOption::NoHeaderBodyChecks},
             {"no_milters", InputOption::NoMilters}}};
}

inline Spec content_filter_spec()
{
    return {.name = "content_filter",
            .value = "",
            .doc = "Where mail goes before it goes anywhere else: transport:destination. The "
                   "filter gives it back to a service that has *content_filter* empty. Holds for "
                   "what smtpd and pickup take in."};
}

inline Spec receive_override_options_spec()
{
    return {.name = "receive_override_options",
            .value = "",
            .doc = "What a service leaves out, because it was or will be done elsewhere: "
                   "*no_unknown_recipient_checks*, *no_address_mappings* (aliases, canonical "
                   "tables, masquerading, copies), *no_header_body_checks*, *no_milters*."};
}

} // namespace config
