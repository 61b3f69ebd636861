// SPDX-License-Identifier: Apache-2.0
// Parameters of postqueue: who may look at the queue, and who may start deliveries.
#pragma once

#include "lib/config/param_lists.h"
#include "lib/config/params/shared.h"

namespace config {

struct PostqueueParams : ParamSet {
    Param<Patterns> authorized_mailq_users{
        *this,
        {.name = "authorized_mailq_users",
         .value = "static:anyone",
         .doc = "Users who may list the queue: login names, each with ! before it for the "
                "opposite, or static:anyone. Root and *mail_owner* always may."}};
    Param<Patterns> authorized_flush_users{
        *this,
        {.name = "authorized_flush_users",
         .value = "static:anyone",
         .doc = "Users who may ask for delivery of what is deferred; the same form."}};
    Param<Text> showq_service_name{*this,
                                   {.name = "showq_service_name",
                                    .value = "showq",
                                    .doc = "The socket in public/ of the service that lists the "
                                           "queue."}};
    Param<Text> pickup_service_name{*this, shared::pickup_service_name()};
    Param<Text> queue_service_name{*this,
                                   {.name = "queue_service_name",
                                    .value = "qmgr",
                                    .doc = "The socket in public/ of the queue manager."}};
    Param<Bool> enable_long_queue_ids{*this, shared::enable_long_queue_ids()};
};

} // namespace config
