// SPDX-License-Identifier: Apache-2.0
// Parameters of the anvil service, and of what smtpd does with its counts.
#pragma once

#include "lib/config/param_lists.h"

namespace config {

struct AnvilParams : ParamSet {
    Param<Seconds> rate_time_unit{*this,
                                  {.name = "anvil_rate_time_unit",
                                   .value = "60s",
                                   .min = "1s",
                                   .doc = "The time over which events of a client are counted."}};
    Param<Seconds> status_update_time{
        *this,
        {.name = "anvil_status_update_time",
         .value = "600s",
         .min = "1s",
         .doc = "How often the largest counts are logged; they are also logged at the end."}};
    Param<Int> client_table_limit{
        *this,
        {.name = "anvil_client_table_limit",
         .value = "100000",
         .min = "100",
         .doc = "Clients that are counted at a time. Further ones are not limited until others "
                "have been silent for *anvil_rate_time_unit*.",
         .since = "Posthouse"}};
    Param<Int> client_limit{*this,
                            {.name = "anvil_client_limit",
                             .value = "1000",
                             .min = "1",
                             .doc = "Processes that the anvil service counts for at a time.",
                             .since = "Posthouse"}};
};

struct ClientLimitParams : ParamSet {
    Param<Int> connection_count{
        *this,
        {.name = "smtpd_client_connection_count_limit",
         .value = "50",
         .min = "0",
         .doc = "Sessions that one client may have at a time; 0: any number."}};
    Param<Int> connection_rate{
        *this,
        {.name = "smtpd_client_connection_rate_limit",
         .value = "0",
         .min = "0",
         .doc = "Connections of one client within *anvil_rate_time_unit*; 0: any number."}};
    Param<Int> message_rate{
        *this,
        {.name = "smtpd_client_message_rate_limit",
         .value = "0",
         .min = "0",
         .doc = "Messages (MAIL commands) of one client within *anvil_rate_time_unit*, accepted or "
                "not; 0: any number."}};
    Param<Int> recipient_rate{
        *this,
        {.name = "smtpd_client_recipient_rate_limit",
         .value = "0",
         .min = "0",
         .doc = "Recipients (RCPT commands) of one client within *anvil_rate_time_unit*, accepted "
                "or not; 0: any number."}};
    Param<Networks> event_exceptions{
        *this,
        {.name = "smtpd_client_event_limit_exceptions",
         .value = "${smtpd_client_connection_limit_exceptions:$mynetworks}",
         .doc = "Clients that these limits are not for: networks, host names, .domains, tables."}};
    Param<Networks> connection_exceptions{
        *this,
        {.name = "smtpd_client_connection_limit_exceptions",
         .value = "",
         .doc = "The old name of *smtpd_client_event_limit_exceptions*."}};
    Param<Int> ipv4_prefix{*this,
                           {.name = "smtpd_client_ipv4_prefix_length",
                            .value = "32",
                            .min = "0",
                            .max = "32",
                            .doc = "IPv4 addresses that have so many bits in common count as one "
                                   "client."}};
    Param<Int> ipv6_prefix{*this,
                           {.name = "smtpd_client_ipv6_prefix_length",
                            .value = "84",
                            .min = "0",
                            .max = "128",
                            .doc = "The same for IPv6 addresses."}};
};

} // namespace config
