// SPDX-License-Identifier: Apache-2.0
// Parameters of the small delivery agents and of the bounce service.
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

struct BounceParams : ParamSet {
    Param<Int> client_limit{*this,
                            {.name = "bounce_client_limit",
                             .value = "100",
                             .min = "1",
                             .doc = "Connections that one worker of the bounce service serves."}};
    Param<Int> notice_limit{*this,
                            {.name = "bounce_notice_limit",
                             .value = "50",
                             .min = "1",
                             .doc = "Notices that one connection to the bounce service may have "
                                    "in work at a time."}};
    Param<Size> size_limit{
        *this,
        {.name = "bounce_size_limit",
         .value = "50000",
         .doc = "A message of more bytes is not returned whole with a notice; only its header "
                "is."}};
};

} // namespace config
