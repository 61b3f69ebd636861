// SPDX-License-Identifier: Apache-2.0
// Parameters of the queue directories, for everything that opens them.
#pragma once

#include "lib/config/param.h"

namespace config {

struct QueueParams : ParamSet {
    Param<List> hash_queue_names{
        *this,
        {.name = "hash_queue_names",
         .value = "deferred, defer",
         .doc = "Queue directories that are split into subdirectories by the first characters of "
                "the message's name."}};
    Param<Int> hash_queue_depth{*this,
                                {.name = "hash_queue_depth",
                                 .value = "1",
                                 .min = "1",
                                 .max = "16",
                                 .doc = "How many levels of subdirectories such a queue has."}};
};

} // namespace config
