// SPDX-License-Identifier: Apache-2.0
// local(8): delivers to the users of this host: aliases, .forward files, mailboxes, commands.
// Started by master as root; trusts the queue manager, and nothing that a message or a user's file
// says. Touches the system's users and alias tables, the sockets of cleanup, bounce and other
// delivery agents; users' files in children that have become the user, but for the names of their
// .forward files, and the mailbox of root.
#include "local/program.h"

int main(int argc, char** argv)
{
    local::Params params;
    service::Service service{"local",        argc,           argv,         params.local,
                             params.mailbox, params.command, params.route, params.classes};
    local::Program program{service, params};
    return program.run();
}
