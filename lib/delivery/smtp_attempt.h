// SPDX-License-Identifier: Apache-2.0
// One delivery of the SMTP or LMTP client, from the next hop to the outcomes. Private to
// lib/delivery.
//
// What a host says may be final for a recipient, or only a reason to try another host. In the
// second case the result waits: if there is no other host it becomes the outcome, else it is logged
// by itself and the recipient goes on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/delivery/agent.h"
#include "lib/delivery/connections.h"
#include "lib/delivery/hosts.h"
#include "lib/delivery/outgoing_checks.h"
#include "lib/delivery/postmaster.h"
#include "lib/delivery/smtp_settings.h"

namespace delivery {

struct SmtpParts {
    events::Loop& loop;
    const SmtpSettings& settings;
    HostFinder& finder;
    Connections& connections;
    Postmaster* postmaster;       // None: nobody is told of trouble.
    const OutgoingTables* checks; // None: content goes out as it is.
};

class SmtpAttempt {
public:
    SmtpAttempt(const SmtpParts& parts, Delivery& delivery);

    base::Task<void> run();

private:
    // The last temporary result of a recipient, and how it came about.
    struct Pending {
        smtp::Attempt attempt;
        Passage passage;
    };

    base::Task<void> try_destination(const std::string& text);
    base::Task<void> try_hosts(const Destination& destination, std::vector<Host> hosts,
                               std::size_t sessions);
    base::Task<void> try_unix(const Destination& destination);
    base::Task<bool> try_kept(const Destination& destination);
    base::Task<bool> try_host(const Destination& destination, const Host& host);

    base::Task<std::unique_ptr<Connection>> connect(const std::string& made_for,
                                                    smtp::RemoteServer server, net::Address to);
    base::Task<base::Result<base::Fd>> open_socket(net::Address to);
    std::optional<net::Address> source_for(const net::Address& to) const;

    base::Task<bool> use(std::unique_ptr<Connection> connection, base::WallTime connected);
    void take_report(const smtp::DeliveryReport& report, const std::vector<std::size_t>& indexes,
                     const Connection& connection, base::WallTime connected);

    base::Task<void> tell_postmaster(Connection& connection);
    void fail_all(const smtp::Attempt& attempt);
    void trouble(Trouble trouble);
    void log_pending();
    void settle_pending();
    void note_failure(const std::string& text);
    bool out_of_time() const { return limit_.passed(parts_.loop.now()); }

    const SmtpParts parts_;
    Delivery& delivery_;
    const base::Deadline limit_;
    std::vector<std::optional<Pending>> pending_;
    std::vector<std::string> tried_; // Endpoints that have had their say.
    Trouble trouble_;                // What stands in the way of all, when no host was reached.
    std::size_t sockets_ = 0;        // That were connected.
    bool loops_ = false;
    bool talked_ = false;
};

} // namespace delivery
