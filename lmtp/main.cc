// SPDX-License-Identifier: Apache-2.0
// lmtp(8): delivers to mail stores by LMTP (RFC 2033), over TCP or a UNIX socket. Started by master
// for service "lmtp"; trusts the queue manager, and nothing that a server says. Touches the
// network, sockets in the queue directory, and the message descriptors that it is given.
#include "lib/delivery/smtp_agent.h"

int main(int argc, char** argv)
{
    config::LmtpParams params;
    config::NoticeParams notices;
    service::Service service{"lmtp", argc, argv, params, notices};
    return delivery::run_smtp_agent(service, params, notices);
}
