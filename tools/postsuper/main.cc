// SPDX-License-Identifier: Apache-2.0
// postsuper(1): deletes, holds, releases, requeues and expires messages, and repairs the queue
// directories. For root only; it becomes mail_owner once owners of files are repaired, and asks the
// queue manager for every change while one runs.
#include "tools/postsuper/run.h"

int main(int argc, char** argv)
{
    service::Command command{"postsuper"};
    if (auto caller = postsuper::check_caller(); !caller)
        return command.fail(service::ExitStatus::Failure, caller.error().text);
    auto options = postsuper::parse_options(argc, argv);
    if (!options)
        return command.fail(service::ExitStatus::Failure, options.error().text);
    base::set_log_debug(options->verbose);
    config::QueueParams queue;
    config::PostqueueParams services;
    auto configured = command.configure(options->config_directory, {&queue, &services});
    if (!configured)
        return command.fail(service::ExitStatus::Failure, configured.error().text);
    return postsuper::run({command, queue, services, *options});
}
