// SPDX-License-Identifier: Apache-2.0
// What postlock(1) does: a lock on a mailbox file as local(8) takes it, and a command meanwhile.
#pragma once

#include "lib/config/params/local.h"
#include "lib/config/params/mailbox.h"
#include "lib/service/command.h"

namespace postlock {

// Says that nothing was done, and that trying again may help.
inline constexpr int temporary_failure = 75;

struct Options {
    std::string config_directory;
    std::string lock_style; // Empty: as mailbox_delivery_lock says.
    bool verbose = false;
    std::string file;
    char** command = nullptr; // The rest of the caller's argv.
};

struct Params {
    config::LocalParams local;
    config::MailboxParams mailbox;
};

// Errors are about usage.
base::Result<Options> parse_options(int argc, char** argv);

// The exit status: that of the command, or temporary_failure.
int run(const service::Command& command, const Params& params, const Options& options);

} // namespace postlock
