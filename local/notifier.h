// SPDX-License-Identifier: Apache-2.0
// Notices about single deliveries of a recipient: to the owner of a list, or to the sender when
// others of the recipient's deliveries went well. The queue manager does not see these failures:
// what it does with others is done here, they get their class and the failures service is told.
#pragma once

#include <vector>

#include "lib/base/task.h"
#include "lib/event/loop.h"
#include "lib/failure/labels.h"
#include "lib/ipc/messages/bounce.h"
#include "lib/ipc/messages/delivery.h"
#include "lib/ipc/messages/failures.h"

namespace local {

struct Failures {
    std::string sender; // Who is told.
    std::string envid;
    mail::DsnReturn dsn_return = mail::DsnReturn::Unspecified;
    std::vector<ipc::bounce::Report> reports;
};

class Notifier {
public:
    virtual ~Notifier() = default;
    // An error: they are not told yet. `request` outlives the task.
    virtual base::Task<base::Result<void>> notify(const ipc::delivery::Deliver& request,
                                                  Failures failures) = 0;
};

class BounceNotifier final : public Notifier {
public:
    // `labels` outlives this.
    BounceNotifier(events::Loop& loop, failure::Labels& labels, base::Duration answer_time)
        : loop_(loop), labels_(labels), answer_time_(answer_time)
    {
    }
    base::Task<base::Result<void>> notify(const ipc::delivery::Deliver& request,
                                          Failures failures) override;

private:
    base::Task<void> count(ipc::failures::Note note);

    events::Loop& loop_;
    failure::Labels& labels_;
    base::Duration answer_time_;
};

} // namespace local
