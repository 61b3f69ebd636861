// SPDX-License-Identifier: Apache-2.0
// Parameters of the small delivery agents.
#pragma once

#include "lib/config/param.h"

namespace config {

struct ErrorParams : ParamSet {
    Param<Int> client_limit{
        *this,
        {.name = "error_client_limit",
         .value = "500",
         .min = "1",
         .doc = "Deliveries that one worker of the error and retry services does at a time."}};
};

struct DiscardParams : ParamSet {
    Param<Int> client_limit{
        *this,
        {.name = "discard_client_limit",
         .value = "500",
         .min = "1",
         .doc = "Deliveries that one worker of the discard service does at a time."}};
};

} // namespace config
