// SPDX-License-Identifier: Apache-2.0
// postqueue(1), also as mailq: shows the queue and asks for deliveries. Anybody may call it;
// installed set-gid so that it reaches the sockets in public/, which is all it uses that group for.
// Trusts neither arguments nor environment nor what stands in queue files.
#include "tools/postqueue/run.h"

int main(int argc, char** argv)
{
    service::Command command{"postqueue"};
    auto options = postqueue::parse_options(argc, argv);
    if (!options)
        return command.fail(service::ExitStatus::Usage, options.error().text);
    base::set_log_debug(options->verbose);
    config::PostqueueParams params;
    config::QueueParams queue;
    auto configured = command.configure(options->config_directory, {&params, &queue});
    if (!configured)
        return command.fail(service::ExitStatus::Unavailable, configured.error().text);
    return postqueue::run({command, params, queue, *options});
}
