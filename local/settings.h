// SPDX-License-Identifier: Apache-2.0
// The parameters of local delivery as its parts use them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lib/config/params/local.h"
#include "lib/config/params/route.h"
#include "local/plan.h"

namespace local {

struct Settings {
    std::string service; // The name in master.cf: the transport of recipients that are ours.
    std::string delimiters;
    std::string double_bounce_sender;
    std::set<Origin> commands_in; // allow_mail_to_commands
    std::set<Origin> files_in;    // allow_mail_to_files
    bool owner_special = true;
    bool expand_owner = false;
    bool reset_owner = false;
    bool frozen_delivered_to = true;
    bool needs_home = false;
    bool propagate_alias = false;
    bool propagate_include = false;
    bool propagate_forward = false;
    std::vector<std::string> forward_path;
    std::string forward_filter;
    std::string mailbox_transport;
    std::string mailbox_command;
    std::string fallback_transport;
    std::string luser_relay;
    std::size_t remembered = 1000; // duplicate_filter_limit; 0: all.
};

// What LocalParams::check() has found good.
Settings make_settings(const config::LocalParams& params, const config::RouteParams& route,
                       std::string service);

} // namespace local
