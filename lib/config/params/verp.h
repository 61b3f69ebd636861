// SPDX-License-Identifier: Apache-2.0
// Parameters of variable envelope return paths (VERP), which every program on a message's way
// reads.
#pragma once

#include "lib/config/param.h"

namespace config {

struct VerpParams : ParamSet {
    Param<Text> default_delimiters{
        *this,
        {.name = "default_verp_delimiters",
         .value = "+=",
         .doc = "The two characters that variable envelope return paths are made with where the "
                "client or caller names none: with *+=*, the copy of a message from "
                "list-owner@origin for user@domain has the sender "
                "list-owner+user=domain@origin. Both must be in *verp_delimiter_filter*."}};
    Param<Text> delimiter_filter{
        *this,
        {.name = "verp_delimiter_filter",
         .value = "-=+",
         .doc = "The characters that may be asked for as such delimiters, with XVERP and with "
                "sendmail -XV."}};
    Param<Bool> disable_bounces{
        *this,
        {.name = "disable_verp_bounces",
         .value = "no",
         .doc = "Send one notice about all recipients of such a message to its sender, instead of "
                "one for each to the sender of his copy."}};
};

} // namespace config
