// SPDX-License-Identifier: Apache-2.0
// Parameters that more than one set has: each is declared here, once, and a set that reads it says
// `Param<Int> message_size_limit{*this, shared::message_size_limit()};`. What is read together by
// several programs is a set of its own instead (lifetime.h, verp.h).
#pragma once

#include "lib/config/param.h"

namespace config::shared {

inline Spec body_checks_size_limit()
{
    return {.name = "body_checks_size_limit",
            .value = "51200",
            .min = "0",
            .doc = "Bytes of each part of the body that *body_checks* see; 0: all."};
}

inline Spec double_bounce_sender()
{
    return {.name = "double_bounce_sender",
            .value = "double-bounce",
            .doc = "The sender of what the postmaster gets from the mail system itself; nobody is "
                   "told when it cannot be delivered, and mail to it is discarded."};
}

inline Spec duplicate_filter_limit()
{
    return {.name = "duplicate_filter_limit",
            .value = "1000",
            .min = "0",
            .doc = "How many recipients of a message are remembered, so that each gets it once; 0: "
                   "all of them."};
}

inline Spec enable_long_queue_ids()
{
    return {.name = "enable_long_queue_ids",
            .value = "no",
            .doc = "Give messages long names that never repeat, instead of short ones."};
}

inline Spec line_length_limit()
{
    return {.name = "line_length_limit",
            .value = "2048",
            .min = "512",
            .max = "1048576",
            .doc = "Bytes of one command line, and of the pieces that *body_checks* see of a "
                   "line."};
}

inline Spec message_size_limit()
{
    return {.name = "message_size_limit",
            .value = "10240000",
            .min = "0",
            .doc = "The size of a message in bytes, at most; 0: no limit."};
}

inline Spec mime_boundary_length_limit()
{
    return {.name = "mime_boundary_length_limit",
            .value = "2048",
            .min = "1",
            .doc = "Bytes of a MIME boundary that are compared."};
}

inline Spec mime_nesting_limit()
{
    return {.name = "mime_nesting_limit",
            .value = "100",
            .min = "1",
            .doc = "Multiparts within multiparts that are told apart; a message with more is "
                   "refused where its parts are checked."};
}

inline Spec pickup_service_name()
{
    return {.name = "pickup_service_name",
            .value = "pickup",
            .doc = "The socket in public/ of the service that takes mail from the maildrop queue."};
}

inline Spec recipient_delimiter()
{
    return {.name = "recipient_delimiter",
            .value = "",
            .doc = "The characters that separate a user name from an address extension."};
}

inline Spec relayhost()
{
    return {.name = "relayhost",
            .value = "",
            .doc = "The next hop for mail to domains that are not ours, where no table says "
                   "otherwise; empty: the mail exchangers of each domain."};
}

inline Spec smtputf8_enable()
{
    return {.name = "smtputf8_enable",
            .value = "yes",
            .doc = "Whether internationalised mail is supported (RFC 6531): UTF-8 in addresses and "
                   "headers, in keys of tables and in notices."};
}

inline Spec soft_bounce()
{
    return {.name = "soft_bounce",
            .value = "no",
            .doc = "A safety net for tests: refuse mail for the time being only, where it would be "
                   "refused for good, and keep what would be returned."};
}

} // namespace config::shared
