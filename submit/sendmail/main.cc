// SPDX-License-Identifier: Apache-2.0
// sendmail(1), also as mailq and newaliases: the command by which everything on this host sends
// mail. Runs as whoever calls it, with no rights of its own; hands messages to postdrop. Touches
// nothing but its standard input and output.
#include <cstdlib>

#include "submit/sendmail/run.h"

int main(int argc, char** argv)
{
    service::Command command{"sendmail", sendmail::program_name(argc, argv)};
    auto options = sendmail::parse_options(argc, argv);
    if (!options) {
        (void)command.configure("", {}); // The mail log is told, if it can be found.
        return command.fail(service::ExitStatus::Usage, options.error().text);
    }
    base::set_log_debug(options->verbose > 1);
    if (!options->config_directory.empty()) // For the commands that are started from here.
        ::setenv("MAIL_CONFIG", options->config_directory.c_str(), 1);
    config::SendmailParams params;
    config::VerpParams verp;
    auto configured = command.configure("", {&params, &verp});
    if (!configured)
        return command.fail(service::ExitStatus::TempFail, configured.error().text);
    for (const auto& warning : options->warnings)
        command.log().warning(warning);
    return sendmail::run({command, params, verp, *options});
}
