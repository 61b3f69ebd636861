// SPDX-License-Identifier: Apache-2.0
// Doing one part of a plan: a mailbox, a file, a command, another delivery agent. What belongs to a
// user is touched by a child with that user's rights only.
#pragma once

#include "lib/delivery/agent.h"
#include "lib/delivery/command.h"
#include "lib/delivery/mailbox_lock.h"
#include "local/plan.h"

namespace local {

struct DeliverySettings {
    std::string service;              // Our own name in master.cf.
    delivery::User default_user;      // default_privs
    bool original_to = true;          // enable_original_recipient
    bool delivered_to_command = true; // prepend_delivered_header
    bool delivered_to_file = true;
    std::string home_mailbox;
    std::string spool_directory;
    delivery::LockSettings locks;
    std::uint64_t size_limit = 0;
    bool strict_owner = true;
    bool biff = false;
    std::string command_shell;
    std::string command_directory; // Expanded for each command.
    std::string directory_filter;
    std::string environment_filter;
    std::vector<std::string> environment; // What commands get of ours.
    base::Duration command_time{};
    base::Duration answer_time{}; // For a mailbox, or another delivery agent.
};

class Deliverer {
public:
    Deliverer(events::Loop& loop, const DeliverySettings& settings)
        : loop_(loop), settings_(settings)
    {
    }

    // The outcome, without its log line. `request` and `part` outlive the task. An agent that took
    // over has written the line already: `logged`.
    base::Task<mail::Outcome> run(const ipc::delivery::Deliver& request, const Part& part,
                                  bool& logged);

    // What run() would do, for reports: "delivers to mailbox".
    std::string describe(const Part& part) const;

private:
    struct Place { // Of a user's mailbox.
        std::string path;
        bool maildir = false;
        delivery::Rights rights;
        bool closed = false; // Only root can make files there.
    };
    Place mailbox_place(const Part& part) const;
    delivery::Rights rights_of(const UserRef& user) const;
    delivery::MessageText message(const ipc::delivery::Deliver& request, const Part& part,
                                  bool from_line, bool delivered_to) const;
    std::vector<std::string> environment(const ipc::delivery::Deliver& request,
                                         const Part& part) const;

    base::Task<mail::Outcome> mailbox(const ipc::delivery::Deliver& request, const Part& part);
    base::Task<mail::Outcome> file(const ipc::delivery::Deliver& request, const Part& part);
    base::Task<mail::Outcome> maildir(const ipc::delivery::Deliver& request, const Part& part,
                                      std::string path, delivery::Rights rights);
    base::Task<mail::Outcome> command(const ipc::delivery::Deliver& request, const Part& part);
    base::Task<mail::Outcome> handover(const ipc::delivery::Deliver& request, const Part& part,
                                       bool& logged);

    events::Loop& loop_;
    const DeliverySettings& settings_;
};

} // namespace local
