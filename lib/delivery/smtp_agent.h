// SPDX-License-Identifier: Apache-2.0
// The agent of the programs smtp and lmtp: finds hosts, makes or reuses connections, tries one host
// after the other until every recipient has an outcome.
#pragma once

#include <memory>
#include <string>

#include "lib/delivery/agent.h"
#include "lib/delivery/connections.h"
#include "lib/delivery/hosts.h"
#include "lib/delivery/postmaster.h"
#include "lib/delivery/smtp_settings.h"
#include "lib/service/service.h"

namespace delivery {

class SmtpAgent final : public Agent {
public:
    // All outlive the object. `postmaster` is told of trouble, if there is one and the settings
    // have conversations recorded.
    SmtpAgent(events::Loop& loop, const SmtpSettings& settings, Resolver& resolver,
              const config::OwnAddresses& own, Postmaster* postmaster = nullptr);

    base::Task<void> deliver(Delivery& delivery) override;

private:
    events::Loop& loop_;
    const SmtpSettings& settings_;
    HostFinder finder_;
    Connections connections_;
    Postmaster* const postmaster_;
};

// The whole process of smtp and lmtp: serves deliveries until it is done; its exit status. The
// parameters are those that the service was built with.
int run_smtp_agent(service::Service& service, const config::SmtpClientParams& params,
                   const config::NoticeParams& notices);

} // namespace delivery
