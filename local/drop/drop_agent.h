// SPDX-License-Identifier: Apache-2.0
// The delivery agent that leaves each message as a file in a directory.
#pragma once

#include "lib/config/params/common.h"
#include "lib/delivery/agent.h"
#include "lib/delivery/local_text.h"
#include "lib/delivery/rights.h"
#include "lib/event/loop.h"
#include "local/drop/attributes.h"

namespace drop {

struct Settings {
    std::string service; // The transport's name, for the log.
    Attributes attributes;
    delivery::Rights rights;
    bool make_directory = false; // When it is missing, with mode 0700.
};

// What the service's line of master.cf says; without attributes the directory is badmail_directory,
// and the user mail_owner. Faults end the process, with a line.
Settings make_settings(const std::string& service, const std::vector<std::string>& words,
                       const config::CommonParams& common, const std::string& badmail_directory);

// The headers before a message that tell its envelope: X-Envelope-From, X-Envelope-To for each
// recipient, X-Queue-ID, and X-Next-Hop.
std::string envelope_headers(const ipc::delivery::Deliver& request, std::string_view line_end);

class DropAgent final : public delivery::Agent {
public:
    // Both outlive the agent.
    DropAgent(events::Loop& loop, const Settings& settings) : loop_(loop), settings_(settings) {}

    // One file for all recipients of the request.
    base::Task<void> deliver(delivery::Delivery& delivery) override;

private:
    base::Task<mail::Outcome> store_message(const ipc::delivery::Deliver& request);
    mail::Outcome write(const ipc::delivery::Deliver& request) const;

    events::Loop& loop_;
    const Settings& settings_;
    bool swept_ = false; // Of what was left by those before us.
};

} // namespace drop
