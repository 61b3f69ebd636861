// SPDX-License-Identifier: Apache-2.0
// Tells the failures service what became of attempts, aside of the way of mail: failures always, a
// success only where something is known of the address or its domain, which a set of numbers in
// memory answers. Nothing waits for the service, and nothing is lost but counts when it is away.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <unordered_set>

#include "lib/base/task.h"
#include "lib/event/notice.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/failures.h"

namespace qmgr {

class FailureReports {
public:
    struct Settings {
        std::string socket{ipc::failures::socket_path};
        bool suppress = false; // Suppressed addresses are asked for.
        bool hold = false;     // What is for them is held, not returned.
        // Work that must not be cut off, unless the service is away.
        std::function<void()> begin_work = [] {};
        std::function<void()> end_work = [] {};
    };
    FailureReports(events::Loop& loop, Settings settings);

    // One attempt, or a recipient that was given up.
    void note(const std::string& queue_id, const std::string& address,
              const mail::Outcome& outcome);

    // Why nothing is to be sent to the address; empty: it may. Asks the service only about
    // addresses of which there is an entry, once it has told which those are.
    base::Task<std::string> suppressed(std::string address);
    bool holds_suppressed() const { return settings_.hold; }

    // Sends what was noted, until the scope ends that runs it.
    base::Task<void> run();

    std::size_t waiting() const { return events_.size(); }
    bool knows(std::string_view address) const;

private:
    bool untold() const;
    void remember(std::uint64_t number);
    base::Task<bool> recall();
    base::Task<bool> send();
    void complain(const base::Error& error);

    ipc::Client<ipc::failures::Protocol> service_;
    Settings settings_;
    std::deque<ipc::failures::Event> events_;
    std::unordered_set<std::uint64_t> known_;
    bool recalled_ = false;
    bool at_work_ = false;
    unsigned troubles_ = 0; // In a row.
    std::uint64_t forgotten_ = 0;
    events::Notice wanted_;
};

} // namespace qmgr
