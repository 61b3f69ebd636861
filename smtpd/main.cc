// SPDX-License-Identifier: Apache-2.0
// smtpd(8): the SMTP server. Started by master for network sockets; trusts nobody that connects,
// beyond what access restrictions say of clients. Touches its clients' connections, the sockets of
// cleanup, qmgr, resolver, anvil, failures and proxymap, and lookup tables that were opened before
// the jail. No DNS, no files, no keys.
#include "smtpd/local_dialogue.h"
#include "smtpd/server.h"

int main(int argc, char** argv)
{
    smtpd::Params params;
    service::Service service{"smtpd",        argc,          argv,
                             params.smtpd,   params.limits, params.suppression,
                             params.notices, params.verp};
    if (smtpd::LocalDialogue::wanted(service)) {
        smtpd::LocalDialogue dialogue{service, params.smtpd, params.verp};
        return service.run(
            {}, [&](service::Client client) { return dialogue.serve(std::move(client)); });
    }
    smtpd::Server server{service, params};

    return service.run(
        {.clients = params.smtpd.client_limit(), .reach = {.files = false, .network = false}},
        [&](service::Client client) { return server.serve(std::move(client)); });
}
