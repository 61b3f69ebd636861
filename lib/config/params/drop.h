// SPDX-License-Identifier: Apache-2.0
// Parameters of drop(8) and of the directory for undeliverable notices.
#pragma once

#include "lib/config/param.h"

namespace config {

struct DropParams : ParamSet {
    Param<Int> client_limit{
        *this,
        {.name = "drop_client_limit",
         .value = "20",
         .min = "1",
         .doc = "Deliveries that one worker of a drop service does at a time."}};
    Param<Text> badmail_directory{
        *this,
        {.name = "badmail_directory",
         .value = "",
         .doc =
             "Where a drop service without attributes, such as badmail in master.cf, stores what "
             "it is given: a path, usually below *data_directory*. It is made when it is missing. "
             "See postbadmail(1)."}};
};

} // namespace config
