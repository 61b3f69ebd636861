// SPDX-License-Identifier: Apache-2.0
// Parameters of pipe(8). Those of commands are in mailbox.h.
#pragma once

#include "lib/config/param.h"

namespace config {

struct PipeParams : ParamSet {
    Param<Int> client_limit{
        *this,
        {.name = "pipe_client_limit",
         .value = "1",
         .min = "1",
         .doc = "Commands that one worker of a pipe service runs at a time. With 1 the maxproc "
                "column of master.cf is the number of commands of that service."}};
};

} // namespace config
