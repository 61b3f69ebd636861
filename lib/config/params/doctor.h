// SPDX-License-Identifier: Apache-2.0
// Parameters of `postfix doctor`.
#pragma once

#include "lib/config/param.h"

namespace config {

struct DoctorParams : ParamSet {
    Param<List> backup_stamp{
        *this,
        {.name = "doctor_backup_stamp",
         .value = "",
         .doc = "Files that each backup of this host touches or writes; the youngest of them tells "
                "when the last one was made."}};
    Param<Seconds> backup_age{*this,
                              {.name = "doctor_backup_age_limit",
                               .value = "2d",
                               .min = "1h",
                               .doc = "A last backup older than this is a warning."}};
    Param<Seconds> certificate_days{
        *this,
        {.name = "doctor_certificate_warning_time",
         .value = "21d",
         .min = "1d",
         .doc = "A certificate that ends within this time is a warning."}};
    Param<Int> deferred_limit{*this,
                              {.name = "doctor_deferred_limit",
                               .value = "1000",
                               .min = "1",
                               .doc = "More deferred messages than this are a warning."}};
    Param<List> dkim_selectors{
        *this,
        {.name = "doctor_dkim_selectors",
         .value = "",
         .doc = "DKIM selectors (RFC 6376 3.1) whose key records are looked at: *selector* for "
                "each of our domains, or *selector._domainkey.domain*."}};
    Param<List> dns_lists{
        *this,
        {.name = "doctor_dns_lists",
         .value = "zen.spamhaus.org, bl.spamcop.net, b.barracudacentral.org, psbl.surriel.com",
         .doc = "DNS lists (RFC 5782) that are asked about our public addresses."}};
    Param<List> outbound_hosts{
        *this,
        {.name = "doctor_outbound_hosts",
         .value = "gmail.com, outlook.com, yahoo.com",
         .doc = "Destinations, as in *relayhost*, whose servers are connected to, to see whether "
                "mail can leave. Nothing is sent to them but QUIT."}};
    Param<List> public_addresses{
        *this,
        {.name = "doctor_public_addresses",
         .value = "$proxy_interfaces",
         .doc = "Addresses under which the world sees this host, when they are not on its own "
                "interfaces (address translation)."}};
    Param<Seconds> timeout{*this,
                           {.name = "doctor_timeout",
                            .value = "10s",
                            .min = "1s",
                            .doc = "How long one connection or one answer may take."}};
};

} // namespace config
