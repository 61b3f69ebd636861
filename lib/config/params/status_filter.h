// SPDX-License-Identifier: Apache-2.0
// Filters of what delivery agents say: one for each of them, and one for all.
#pragma once

#include <string>
#include <string_view>

#include "lib/config/param_lists.h"

namespace config {

// <agent>_delivery_status_filter.
inline Spec status_filter_spec(std::string_view agent)
{
    return {.name = std::string(agent) + "_delivery_status_filter",
            .value = "$default_delivery_status_filter",
            .doc = "Tables that replace status code and text of a delivery: asked for \"X.Y.Z "
                   "text\", they answer in the same form. 2.Y.Z stays 2.Y.Z; 4.Y.Z and 5.Y.Z may "
                   "become each other."};
}

struct StatusFilterParams : ParamSet {
    Param<Tables> for_all{*this,
                          {.name = "default_delivery_status_filter",
                           .value = "",
                           .doc = "What the filters of the delivery agents are where they are not "
                                  "set: *local_delivery_status_filter* tells of them."}};
};

} // namespace config
