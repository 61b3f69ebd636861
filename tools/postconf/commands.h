// SPDX-License-Identifier: Apache-2.0
// What postconf can do. Each function does one action of Options and returns the exit status.
#pragma once

#include "tools/postconf/options.h"

namespace postconf {

int show_parameters(const Options& options); // parameters.cc
int edit_main(const Options& options);       // edit.cc
int services(const Options& options);        // services.cc
int fields(const Options& options);          // services.cc
int overrides(const Options& options);       // services.cc
int notice_texts(const Options& options);    // notices.cc
int check_all(const Options& options);       // check.cc
int manual(const Options& options);          // manual.cc
int manual_section(const Options& options);  // manual.cc

int run(const Options& options); // commands.cc: the one that options.action asks for.

} // namespace postconf
