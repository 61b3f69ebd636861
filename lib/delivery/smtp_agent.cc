// SPDX-License-Identifier: Apache-2.0
// The agent of smtp and lmtp; see smtp_agent.h.
#include "lib/delivery/smtp_agent.h"

#include "lib/delivery/smtp_attempt.h"

namespace delivery {

SmtpAgent::SmtpAgent(events::Loop& loop, const SmtpSettings& settings, Resolver& resolver,
                     const config::OwnAddresses& own)
    : loop_(loop), settings_(settings), finder_(loop, settings.lookup, resolver, own),
      connections_(loop, settings.keep)
{
}

base::Task<void> SmtpAgent::deliver(Delivery& delivery)
{
    const std::string& destination = delivery.request().next_hop;
    connections_.begin(destination);
    SmtpAttempt attempt({loop_, settings_, finder_, connections_}, delivery);
    co_await attempt.run();
    connections_.end(destination);
}

} // namespace delivery
