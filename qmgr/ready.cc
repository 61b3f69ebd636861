// SPDX-License-Identifier: Apache-2.0
// Order among the destinations that could be served now.
#include "qmgr/ready.h"

namespace qmgr {

namespace {

std::array<IdHeap<Turn>, 2> heaps_on(ReadyDestinations::PlacesBySize& places)
{
    return {IdHeap<Turn>{places[0]}, IdHeap<Turn>{places[1]}};
}

} // namespace

ReadyDestinations::ReadyDestinations(PlacesBySize& places)
    : lanes_{LaneQueues{heaps_on(places)}, LaneQueues{heaps_on(places)},
             LaneQueues{heaps_on(places)}}
{
}

void ReadyDestinations::insert(Lane lane, Size size, std::uint32_t destination, Turn turn)
{
    of(lane).heaps[at(size)].push(destination, turn);
}

void ReadyDestinations::erase(Lane lane, Size size, std::uint32_t destination)
{
    of(lane).heaps[at(size)].erase(destination);
}

bool ReadyDestinations::empty(Lane lane) const
{
    return waiting(lane) == 0;
}

std::size_t ReadyDestinations::waiting(Lane lane) const
{
    return of(lane).heaps[0].size() + of(lane).heaps[1].size();
}

std::optional<ReadyDestinations::Choice> ReadyDestinations::choose(Lane lane, int bulk_every) const
{
    const LaneQueues& queues = of(lane);
    const bool has_small = !queues.heaps[at(Size::Small)].empty();
    const bool has_bulk = !queues.heaps[at(Size::Bulk)].empty();
    if (!has_small && !has_bulk)
        return std::nullopt;
    const bool bulk_is_due = queues.passed + 1 >= bulk_every;
    const Size size = has_bulk && (!has_small || bulk_is_due) ? Size::Bulk : Size::Small;
    const auto& top = queues.heaps[at(size)].top();
    return Choice{top.id, size, top.key};
}

void ReadyDestinations::note(Lane lane, Size chosen)
{
    LaneQueues& queues = of(lane);
    if (chosen == Size::Bulk || queues.heaps[at(Size::Bulk)].empty())
        queues.passed = 0;
    else
        ++queues.passed;
}

} // namespace qmgr
