// SPDX-License-Identifier: Apache-2.0
// Who the client is: its address, and its name if the DNS confirms it forward and back.
#pragma once

#include <map>
#include <string>

#include "lib/base/clock.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/resolver.h"
#include "lib/mail/envelope.h"
#include "lib/net/address.h"

namespace smtpd {

class PeerNames {
public:
    // With `lookup` off (smtpd_peername_lookup) every name is unknown.
    PeerNames(events::Loop& loop, bool lookup)
        : loop_(loop), lookup_(lookup), resolver_(loop, "private/resolver")
    {
    }

    base::Task<mail::Client> client_of(net::Address peer);

private:
    struct Known {
        std::string name;
        std::string reverse_name;
        base::MonoTime until{};
    };
    base::Task<Known> ask(std::string address);

    events::Loop& loop_;
    bool lookup_;
    ipc::Client<ipc::resolver::Protocol> resolver_;
    std::map<std::string, Known> recent_; // By numeric address; short-lived.
};

} // namespace smtpd
