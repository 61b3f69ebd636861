// SPDX-License-Identifier: Apache-2.0
// Parameters of pipe(8). Those of commands are in mailbox.h.
#pragma once

#include "lib/config/params/status_filter.h"

namespace config {

struct PipeParams : ParamSet {
    Param<Tables> delivery_status_filter{*this, status_filter_spec("pipe")};
    Param<Int> client_limit{
        *this,
        {.name = "pipe_client_limit",
         .value = "1",
         .min = "1",
         .doc = "Commands that one worker of a pipe service runs at a time. With 1 the maxproc "
                "column of master.cf is the number of commands of that service."}};
};

} // namespace config
