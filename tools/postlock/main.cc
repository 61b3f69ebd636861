// SPDX-License-Identifier: Apache-2.0
// postlock(1): locks a mailbox file as local(8) does, and runs a command meanwhile. Called by users
// and scripts with their own rights; has none to give.
#include "tools/postlock/run.h"

int main(int argc, char** argv)
{
    service::Command command{"postlock"};
    auto options = postlock::parse_options(argc, argv);
    postlock::Params params;
    auto configured =
        options ? command.configure(options->config_directory, {&params.local, &params.mailbox})
                : base::Result<void>(options.error());
    if (!configured) {
        static_cast<void>(command.fail(service::ExitStatus::Failure, configured.error().text));
        return postlock::temporary_failure;
    }
    base::set_log_debug(options->verbose);
    return postlock::run(command, params, *options);
}
