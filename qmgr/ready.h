// SPDX-License-Identifier: Apache-2.0
// The destinations of one transport that could be served now, in the order in which they should
// be: by lane (see AgentShare), and in each lane small mail apart from bulk.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "qmgr/agent_share.h"
#include "qmgr/id_heap.h"

namespace qmgr {

// Mail of a sender with few deliveries waiting, and the rest: lists, mass mailings, loops.
enum class Size : std::uint8_t { Small, Bulk };
inline constexpr std::array sizes{Size::Small, Size::Bulk};
inline constexpr std::size_t at(Size size)
{
    return static_cast<std::size_t>(size);
}

// Virtual time, then order of arrival.
struct Turn {
    double time = 0;
    std::uint64_t order = 0;

    auto operator<=>(const Turn&) const = default;
};

class ReadyDestinations {
public:
    using PlacesBySize = std::array<Places, 2>;
    struct Choice {
        std::uint32_t destination;
        Size size;
        Turn turn;
    };

    // `places` is shared by all transports: a destination stands in one lane at a time.
    explicit ReadyDestinations(PlacesBySize& places);

    void insert(Lane lane, Size size, std::uint32_t destination, Turn turn);
    void erase(Lane lane, Size size, std::uint32_t destination);
    bool empty(Lane lane) const;
    std::size_t waiting(Lane lane) const;

    // The next destination of the lane, not removed. While both sizes wait, every `bulk_every`th
    // choice that is noted is bulk.
    std::optional<Choice> choose(Lane lane, int bulk_every) const;
    void note(Lane lane, Size chosen);

private:
    struct LaneQueues {
        std::array<IdHeap<Turn>, 2> heaps;
        int passed = 0; // Small deliveries since the last bulk one, while bulk waited.
    };
    LaneQueues& of(Lane lane) { return lanes_[static_cast<std::size_t>(lane)]; }
    const LaneQueues& of(Lane lane) const { return lanes_[static_cast<std::size_t>(lane)]; }

    std::array<LaneQueues, lane_count> lanes_;
};

} // namespace qmgr
