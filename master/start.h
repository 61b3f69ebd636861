// SPDX-License-Identifier: Apache-2.0
// From the command line to a running Master: configuration, locks, sockets, then the background.
// Everything that can fail fails before, so that whoever started us is told, and nothing runs
// half.
#pragma once

#include "master/options.h"

namespace master {

// Returns the exit status of the program.
int start(const Options& options, int argc, char** argv);

} // namespace master
