// SPDX-License-Identifier: Apache-2.0
// Notices about single deliveries of a recipient: to the owner of a list, or to the sender when
// others of the recipient's deliveries went well.
#pragma once

#include <vector>

#include "lib/base/task.h"
#include "lib/event/loop.h"
#include "lib/ipc/messages/bounce.h"
#include "lib/ipc/messages/delivery.h"

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
    BounceNotifier(events::Loop& loop, base::Duration answer_time)
        : loop_(loop), answer_time_(answer_time)
    {
    }
    base::Task<base::Result<void>> notify(const ipc::delivery::Deliver& request,
                                          Failures failures) override;

private:
    events::Loop& loop_;
    base::Duration answer_time_;
};

} // namespace local
