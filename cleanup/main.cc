// SPDX-License-Identifier: Apache-2.0
// cleanup(8): makes one complete queue file from what came in. Started by master for socket
// public/cleanup; trusts its clients (smtpd, pickup, bounce) for the envelope, not for the content.
// Touches the queue directories, lookup tables and the proxymap service, and the queue manager's
// socket.
#include "cleanup/program.h"

int main(int argc, char** argv)
{
    cleanup::Params params;
    service::Service service{"cleanup",    argc,         argv,       params.cleanup,
                             params.queue, params.route, params.verp};
    cleanup::Program program{service, params};
    return program.run();
}
