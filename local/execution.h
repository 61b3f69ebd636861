// SPDX-License-Identifier: Apache-2.0
// Doing a plan: every part, then the new messages; and what that means for the recipient.
//
// When a delivery has to wait, all others are done, what was done is noted (progress.h), and only
// the rest is tried again. A failure is told at once to whoever answers for that delivery; when it
// is the one of the recipient that the message came for, and the sender answers for it, the queue
// manager tells, as always.
#pragma once

#include <map>

#include "local/deliverer.h"
#include "local/forwarder.h"
#include "local/notifier.h"
#include "local/progress.h"

namespace local {

// All of them outlive who uses them.
struct Tools {
    Deliverer& deliverer;
    Forwarder& forwarder;
    Notifier& notifier;
    const Progress& progress;
};

class Execution {
public:
    Execution(Tools tools, delivery::Delivery& delivery, std::size_t recipient, Plan plan);

    // Settles the recipient.
    base::Task<void> run();

private:
    base::Task<void> do_part(const Part& part);
    base::Task<void> do_forward(Forward forward);
    base::Task<void> tell_failures();
    void note(const Part& part, mail::Outcome outcome);
    void finish();
    void settle_report();
    mail::Outcome result() const;
    bool is_told_by_queue_manager() const;
    bool is_single() const { return plan_.parts.size() + plan_.forwards.size() == 1; }

    Tools tools_;
    delivery::Delivery& delivery_;
    std::size_t recipient_;
    Plan plan_;
    Progress::Id id_;
    Progress::Done done_;
    std::optional<mail::Outcome> waiting_; // The first that has to wait.
    mail::Outcome last_;
    std::map<std::string, Failures> failures_; // By who is told.
    Progress::Done failed_;
};

} // namespace local
