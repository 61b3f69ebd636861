// SPDX-License-Identifier: Apache-2.0
// postkick(1): sends a request to a service of the mail system, for scripts. Called by those who
// may reach the sockets, mostly root; trusts nothing but its configuration.
#include "tools/postkick/kick.h"

int main(int argc, char** argv)
{
    service::Command command{"postkick"};
    command.stay_out_of_the_log();
    auto options = postkick::parse_options(argc, argv);
    if (!options)
        return command.fail(service::ExitStatus::Failure, options.error().text);
    base::set_log_debug(options->verbose);
    config::PostqueueParams params;
    auto configured = command.configure(options->config_directory, {&params});
    if (!configured)
        return command.fail(service::ExitStatus::Failure, configured.error().text);
    return postkick::run(command, params, *options);
}
