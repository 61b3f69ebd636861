// SPDX-License-Identifier: Apache-2.0
// How long mail may wait, and when its sender is told that it does: for the queue manager, who acts
// by it, and for notices, which tell of it.
#pragma once

#include "lib/config/param.h"

namespace config {

struct LifetimeParams : ParamSet {
    Param<Seconds> maximal_queue_lifetime{
        *this,
        {.name = "maximal_queue_lifetime",
         .value = "5d",
         .min = "0",
         .doc = "How old a message gets before it is returned as undeliverable; 0: one attempt."}};
    Param<Seconds> bounce_queue_lifetime{
        *this,
        {.name = "bounce_queue_lifetime",
         .value = "5d",
         .min = "0",
         .doc = "The same for messages with the null sender, that is, for notices."}};
    Param<Seconds> delay_warning_time{
        *this,
        {.name = "delay_warning_time",
         .value = "0h",
         .min = "0",
         .doc = "The age at which the sender of a message that waits is told so, once; 0: never. "
                "NOTIFY=DELAY or its absence (RFC 3461) decides for each recipient."}};
};

} // namespace config
