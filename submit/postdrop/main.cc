// SPDX-License-Identifier: Apache-2.0
// postdrop(1): puts one message into maildrop. Anybody may call it; installed set-gid so that it
// can write there, which is all it uses that group for. Trusts neither arguments, environment nor
// standard input. Touches maildrop and the socket of pickup.
#include "submit/postdrop/run.h"

int main(int argc, char** argv)
{
    service::Command command{"postdrop"};
    auto options = postdrop::parse_options(argc, argv);
    if (!options)
        return command.fail(service::ExitStatus::Usage, options.error().text);
    base::set_log_debug(options->verbose);
    config::PostdropParams params;
    config::QueueParams queue;
    config::VerpParams verp;
    auto configured = command.configure(options->config_directory, {&params, &queue, &verp});
    if (!configured)
        return command.fail(service::ExitStatus::Unavailable, configured.error().text);
    return postdrop::run({command, params, queue, verp, *options});
}
