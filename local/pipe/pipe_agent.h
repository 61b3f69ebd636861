// SPDX-License-Identifier: Apache-2.0
// The delivery agent that gives messages to a command.
#pragma once

#include <functional>
#include <optional>

#include "lib/config/main_cf.h"
#include "lib/config/params/common.h"
#include "lib/config/params/mailbox.h"
#include "lib/delivery/agent.h"
#include "lib/delivery/command.h"
#include "lib/event/loop.h"
#include "local/pipe/attributes.h"

namespace pipe_mail {

struct Settings {
    std::string service; // The transport's name, for log and texts.
    Attributes attributes;
    delivery::Rights rights;
    base::Duration time_limit{};
    std::vector<std::string> environment;
    bool allow_dash = false; // allow_min_user
    std::string fault;       // Why the line of master.cf cannot be used; empty: it can.
};

// What the service's line of master.cf and main.cf say. A bad time limit ends the process, with a
// line.
Settings make_settings(const std::string& service, const std::vector<std::string>& words,
                       const config::MainCf& main, const config::CommonParams& common,
                       const config::CommandParams& command);

class PipeAgent final : public delivery::Agent {
public:
    // All outlive the agent. `give_up` is called when mail was deferred because of a fault of
    // master.cf or of the user database, which a fresh process may find mended.
    PipeAgent(
        events::Loop& loop, const Settings& settings, std::function<void()> give_up = [] {});

    base::Task<void> deliver(delivery::Delivery& delivery) override;

private:
    std::optional<mail::Outcome> refusal(const ipc::delivery::Deliver& request) const;
    std::optional<mail::Outcome> loop_found(const ipc::delivery::Deliver& request) const;
    void refuse_dashes(delivery::Delivery& delivery) const;
    delivery::CommandSetup command_for(const delivery::Delivery& delivery) const;
    std::string head_for(const ipc::delivery::Deliver& request) const;
    mail::Outcome result(const base::Result<delivery::CommandEnd>& end) const;

    events::Loop& loop_;
    const Settings& settings_;
    std::function<void()> give_up_;
    std::vector<Argument> arguments_;
    std::string fault_; // What is wrong with the words; empty: nothing.
};

} // namespace pipe_mail
