// SPDX-License-Identifier: Apache-2.0
// postcat(1): shows queue files. For whoever may read them, with their own rights; it changes
// nothing, and trusts nothing in the files.
#include "tools/postcat/run.h"

int main(int argc, char** argv)
{
    service::Command command{"postcat"};
    command.stay_out_of_the_log();
    auto options = postcat::parse_options(argc, argv);
    if (!options)
        return command.fail(service::ExitStatus::Failure, options.error().text);
    base::set_log_debug(options->verbose);
    config::QueueParams queue;
    auto configured = command.configure(options->config_directory, {&queue});
    if (!configured)
        return command.fail(service::ExitStatus::Failure, configured.error().text);
    return postcat::run(command, queue, *options);
}
