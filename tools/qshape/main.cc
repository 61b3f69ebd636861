// SPDX-License-Identifier: Apache-2.0
// qshape(1): how the waiting mail spreads over domains and ages. Called by root or mail_owner, who
// may read the queue; reads queue files and changes nothing.
#include <unistd.h>

#include "tools/qshape/run.h"

int main(int argc, char** argv)
{
    service::Command command{"qshape"};
    auto options = qshape::parse_options(argc, argv, ::isatty(STDOUT_FILENO) == 1);
    if (!options)
        return command.fail(service::ExitStatus::Failure, options.error().text);
    auto configured = command.configure(options->config_directory, {});
    if (!configured)
        return command.fail(service::ExitStatus::Failure, configured.error().text);
    return qshape::run(command, *options);
}
