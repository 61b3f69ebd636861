// SPDX-License-Identifier: Apache-2.0
// Who the client is: its address, and its name if the DNS confirms it forward and back.
#pragma once

#include <map>
#include <string>

#include "lib/mail/envelope.h"
#include "lib/net/address.h"
#include "smtpd/policy/engine.h"
#include "smtpd/resolver_world.h"

namespace smtpd {

struct Peer {
    mail::Client client;
    ClientNames names;
};

class PeerNames {
public:
    // With `lookup` off (smtpd_peername_lookup) every name is unknown. `resolver` outlives it.
    PeerNames(ResolverClient& resolver, bool lookup) : resolver_(resolver), lookup_(lookup) {}

    // A client without network address is taken as this host itself: a dialogue by hand.
    base::Task<Peer> find(net::Address address);

private:
    struct Known {
        Peer peer;
        base::MonoTime until{};
    };
    base::Task<Peer> ask(std::string address);
    void remember(const Peer& peer);

    ResolverClient& resolver_;
    bool lookup_;
    std::map<std::string, Known> recent_; // By numeric address; short-lived.
};

} // namespace smtpd
