// SPDX-License-Identifier: Apache-2.0
// Parameters of the resolver.
#pragma once

#include "lib/config/param.h"

namespace config {

struct ResolverParams : ParamSet {
    Param<List> servers{*this,
                        {.name = "resolver_servers",
                         .value = "",
                         .doc =
                             "DNS servers to ask, as address or address:port ([address]:port for "
                             "IPv6); empty: those of /etc/resolv.conf."}};
    Param<Seconds> timeout{
        *this,
        {.name = "resolver_timeout",
         .value = "30s",
         .min = "1s",
         .max = "600s",
         .doc = "How long one DNS question may take; then it has failed for now."}};
    Param<Path> hosts_file{*this,
                           {.name = "resolver_hosts_file",
                            .value = "/etc/hosts",
                            .doc =
                                "Host names and addresses that are looked up here before the DNS "
                                "where a parameter such as *smtp_host_lookup* says native."}};
    Param<Text> trust_anchor{
        *this,
        {.name = "resolver_trust_anchor_file",
         .value = "",
         .doc = "A file with DNSSEC trust anchors. When set, answers are validated here, and bogus "
                "ones count as a temporary failure; when empty, no answer counts as secure."}};
    Param<Int> cache_size{*this,
                          {.name = "resolver_cache_size",
                           .value = "4194304",
                           .min = "65536",
                           .doc = "Bytes of DNS answers kept in memory."}};
    Param<Int> client_limit{*this,
                            {.name = "resolver_client_limit",
                             .value = "1000",
                             .min = "1",
                             .doc = "Daemons that one resolver process serves at a time."}};
    Param<Int> question_limit{
        *this,
        {.name = "resolver_question_limit",
         .value = "1000",
         .min = "1",
         .doc = "Questions of one daemon that may be under way at a time; more wait."}};
};

} // namespace config
