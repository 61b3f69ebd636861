// SPDX-License-Identifier: Apache-2.0
// The delivery agent for mailboxes of addresses without a user account: each recipient's mail is
// written by a child with the rights that the tables give.
#pragma once

#include <functional>

#include "lib/config/params/mailbox.h"
#include "lib/config/params/route.h"
#include "lib/config/params/virtual.h"
#include "lib/delivery/agent.h"
#include "lib/delivery/mbox.h"
#include "lib/event/loop.h"
#include "local/virtual/mailbox_map.h"

namespace virtual_mail {

// What the program is told; faults of it end the process with a line each.
struct Settings {
    MailboxMap::Settings map;
    delivery::LockSettings locks;
    std::uint64_t mailbox_limit = 0;
    bool strict_ownership = true;
};
Settings make_settings(const config::VirtualParams& params, const config::MailboxParams& mailbox,
                       const config::RouteParams& route);

class VirtualAgent final : public delivery::Agent {
public:
    // All outlive the agent. `refresh` has tables that changed opened again.
    VirtualAgent(events::Loop& loop, const MailboxMap& map, const Settings& settings,
                 std::function<void()> refresh)
        : loop_(loop), map_(map), settings_(settings), refresh_(std::move(refresh))
    {
    }

    base::Task<void> deliver(delivery::Delivery& delivery) override;

private:
    base::Task<mail::Outcome> deliver_to(const ipc::delivery::Deliver& request,
                                         const mail::Recipient& recipient);
    base::Task<mail::Outcome> store(const ipc::delivery::Deliver& request,
                                    const mail::Recipient& recipient, Mailbox mailbox);
    mail::Outcome write(const ipc::delivery::Deliver& request, const mail::Recipient& recipient,
                        const Mailbox& mailbox) const;

    events::Loop& loop_;
    const MailboxMap& map_;
    const Settings& settings_;
    std::function<void()> refresh_;
};

} // namespace virtual_mail
