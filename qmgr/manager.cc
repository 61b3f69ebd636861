// SPDX-License-Identifier: Apache-2.0
// Start and end of the queue manager; see manager.h.
#include "qmgr/manager.h"

#include <utility>

namespace qmgr {

// Messages that are opened and routed side by side, so that one slow table does not stop intake.
static constexpr int intakes = 4;

Manager::Manager(Parts parts)
    : parts_(std::move(parts)), bounce_(parts_.loop, "private/bounce"), question_done_(parts_.loop),
      intake_wanted_(parts_.loop), incoming_wanted_(parts_.loop), pump_wanted_(parts_.loop),
      run_wanted_(parts_.loop), rebuild_wanted_(parts_.loop)
{
}

Manager::~Manager()
{
    close_index();
}

// An index that misses something is not marked as good, so that the next start makes it anew.
void Manager::close_index()
{
    if (parts_.index == nullptr)
        return;
    if (!index_faulty_) {
        if (auto closed = parts_.index->close(); !closed)
            base::Log{}.warning(closed.error().text);
    }
    parts_.index.reset();
}

void Manager::warn(std::string_view id, std::string_view text) const
{
    base::Log{}.warning(id, ": ", text);
}

void Manager::start(base::Scope& scope)
{
    started_ = now();
    scope.spawn(run_incoming());
    scope.spawn(run_queue());
    scope.spawn(run_rebuild());
    for (int i = 0; i < intakes; ++i)
        scope.spawn(run_intake());
    scope.spawn(run_pump());
}

void Manager::retire()
{
    if (std::exchange(retired_, true))
        return;
    close_index();
    // Closing the descriptors unlocks what is not under way; the files stay in active.
    std::erase_if(active_, [](const auto& entry) { return entry.second->in_flight == 0; });
    for (auto* notice :
         {&intake_wanted_, &incoming_wanted_, &pump_wanted_, &run_wanted_, &rebuild_wanted_})
        notice->notify();
}

void Manager::wakeup()
{
    next_run_ = now();
    run_wanted_.notify();
}

} // namespace qmgr
