// SPDX-License-Identifier: Apache-2.0
// sendmail -bm: the message on standard input goes to postdrop.
#pragma once

#include "lib/config/params/submit.h"
#include "lib/config/params/verp.h"
#include "lib/service/command.h"
#include "submit/sendmail/options.h"

namespace sendmail {

struct Context {
    const service::Command& command;
    const config::SendmailParams& params;
    const config::VerpParams& verp;
    const Options& options;
};

// The exit status. What goes wrong is told on the way.
int submit_message(const Context& context);

} // namespace sendmail
