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
};

struct BadmailParams : ParamSet {
    Param<Text> directory{
        *this,
        {.name = "badmail_directory",
         .value = "",
         .doc =
             "Where notices are kept that cannot be delivered, and would be lost, because nobody "
             "is told of them: a path, usually below *data_directory*, made when it is missing. "
             "The service badmail of master.cf writes there; postbadmail(1) lists them. Empty: "
             "they are not kept."}};
};

} // namespace config
