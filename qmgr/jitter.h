// SPDX-License-Identifier: Apache-2.0
// Random spread for retry times, so that mail that failed together does not come back together.
// Not for secrets. Seeded by the owner: tests get the same row each time.
#pragma once

#include <cstdint>

#include "lib/base/clock.h"

namespace qmgr {

class Jitter {
public:
    explicit Jitter(std::uint64_t seed) : state_(seed) {}

    // `base` plus a random part of up to a quarter of it.
    base::Duration spread(base::Duration base)
    {
        const auto room = static_cast<std::uint64_t>(base.count() / 4 + 1);
        return base + base::Duration{static_cast<std::int64_t>(draw() % room)};
    }

private:
    // SplitMix64.
    std::uint64_t draw()
    {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

} // namespace qmgr
