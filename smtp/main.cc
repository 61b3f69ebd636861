// SPDX-License-Identifier: Apache-2.0
// smtp(8): delivers to the network by SMTP. Started by master for services such as "smtp" and
// "relay"; trusts the queue manager, and nothing that a server says. Touches the network, the
// sockets of the resolver and of cleanup (letters to the postmaster), and the message descriptors
// that it is given.
#include "lib/delivery/smtp_agent.h"

int main(int argc, char** argv)
{
    config::SmtpParams params;
    config::NoticeParams notices;
    service::Service service{"smtp", argc, argv, params, notices};
    return delivery::run_smtp_agent(service, params, notices);
}
