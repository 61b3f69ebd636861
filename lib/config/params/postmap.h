// SPDX-License-Identifier: Apache-2.0
// Parameters of the commands that make lookup tables.
#pragma once

#include "lib/config/param.h"
#include "lib/config/params/shared.h"

namespace config {

struct PostmapParams : ParamSet {
    Param<Text> default_database_type{
        *this,
        {.name = "default_database_type",
         .value = "lmdb",
         .doc =
             "The type of tables that postmap, postalias and newaliases are given without one."}};
    Param<Size> lmdb_map_size{*this,
                              {.name = "lmdb_map_size",
                               .value = "16777216",
                               .min = "65536",
                               .doc = "How many bytes of address space a new LMDB table begins "
                                      "with; it grows as needed."}};
    Param<Bool> smtputf8_enable{*this, shared::smtputf8_enable()};
};

} // namespace config
