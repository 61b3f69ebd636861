// SPDX-License-Identifier: Apache-2.0
// Everything that the SMTP and LMTP clients are told, from parameters to the settings of their
// parts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/config/params/common.h"
#include "lib/config/params/smtp_client.h"
#include "lib/delivery/connections.h"
#include "lib/delivery/hosts.h"
#include "lib/smtp/client_settings.h"

namespace delivery {

struct SmtpSettings {
    smtp::ClientSettings client;
    LookupSettings lookup;
    KeepSettings keep;

    bool lmtp = false;
    bool final_delivery = false; // lmtp flags=X: what the server takes has arrived.
    std::uint16_t default_port = 25;
    std::size_t session_limit = 2; // 0: no limit.
    base::Duration connect_time = std::chrono::seconds(30);
    // The bound on one delivery with all its hosts. Shorter than the queue manager's patience.
    base::Duration delivery_time = std::chrono::minutes(90);
    std::vector<std::string> fallback_relays;
    std::string relayhost;
    std::optional<net::Address> bind_ipv4;
    std::optional<net::Address> bind_ipv6;
    bool bind_enforce = false;
};

// The address of that family to connect from when the host has just one and is told to listen
// there: mail of a virtual host then comes from the right address. Nothing for loopback.
std::optional<net::Address> only_address(const config::OwnAddresses& own, net::Family family);

// Faults that no single parameter shows (an unknown port name, a bad address) end the process.
SmtpSettings make_settings(const config::SmtpClientParams& params,
                           const config::CommonParams& common, const config::OwnAddresses& own);

} // namespace delivery
