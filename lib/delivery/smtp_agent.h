// SPDX-License-Identifier: Apache-2.0
// The agent of the programs smtp and lmtp: finds hosts, makes or reuses connections, tries one host
// after the other until every recipient has an outcome.
#pragma once

#include <memory>
#include <string>

#include "lib/delivery/agent.h"
#include "lib/delivery/connections.h"
#include "lib/delivery/hosts.h"
#include "lib/delivery/outgoing_checks.h"
#include "lib/delivery/postmaster.h"
#include "lib/delivery/smtp_settings.h"
#include "lib/service/service.h"

namespace delivery {

class SmtpAgent final : public Agent {
public:
    // Each may be absent.
    struct Companions {
        Postmaster* postmaster = nullptr; // Is told of trouble, when conversations are recorded.
        const OutgoingTables* checks = nullptr; // Look at what goes out.
    };
    // All outlive the object.
    SmtpAgent(events::Loop& loop, const SmtpSettings& settings, Resolver& resolver,
              const config::OwnAddresses& own, Companions companions);
    SmtpAgent(events::Loop& loop, const SmtpSettings& settings, Resolver& resolver,
              const config::OwnAddresses& own)
        : SmtpAgent(loop, settings, resolver, own, Companions{})
    {
    }

    base::Task<void> deliver(Delivery& delivery) override;

private:
    events::Loop& loop_;
    const SmtpSettings& settings_;
    HostFinder finder_;
    Connections connections_;
    const Companions companions_;
};

// The whole process of smtp and lmtp: serves deliveries until it is done; its exit status. The
// parameters are those that the service was built with.
int run_smtp_agent(service::Service& service, const config::SmtpClientParams& params,
                   const config::NoticeParams& notices);

} // namespace delivery
