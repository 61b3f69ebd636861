// SPDX-License-Identifier: Apache-2.0
// postfix(1): starts, stops and checks the mail system. Run by root; never set-uid. Touches the
// configuration, the queue's directories and master's pid file, and signals master.
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/service/command.h"
#include "tools/postfix/commands.h"

int main(int argc, char** argv)
{
    if (::getuid() != ::geteuid())
        base::fatal("the postfix command must not run as a set-uid process");
    std::string problem;
    auto options = postfix::parse_options(argc, argv, problem);
    if (!problem.empty())
        return service::Command{"postfix"}.fail(service::ExitStatus::Failure, problem);
    return postfix::run(options);
}
