// SPDX-License-Identifier: Apache-2.0
// postlog(1): a line, or the lines of standard input, into the mail log. For scripts; runs with
// the rights of whoever calls it. Touches the configuration and the log.
#include "tools/postlog/postlog.h"

int main(int argc, char** argv)
{
    service::Command command{"postlog"};
    auto options = postlog::parse_options(argc, argv);
    if (!options)
        return command.fail(service::ExitStatus::Failure, options.error().text);
    return postlog::run(command, *options);
}
