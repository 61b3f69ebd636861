// SPDX-License-Identifier: Apache-2.0
// Values under small numbers that are used again after removal. References stay valid while other
// values come and go.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

namespace qmgr {

template <typename T> class Slab {
public:
    std::uint32_t add(T value)
    {
        if (free_.empty()) {
            values_.push_back(std::move(value));
            return static_cast<std::uint32_t>(values_.size() - 1);
        }
        const std::uint32_t id = free_.back();
        free_.pop_back();
        values_[id] = std::move(value);
        return id;
    }

    void remove(std::uint32_t id)
    {
        values_[id] = T{};
        free_.push_back(id);
    }

    T& operator[](std::uint32_t id) { return values_[id]; }
    const T& operator[](std::uint32_t id) const { return values_[id]; }

    std::size_t in_use() const { return values_.size() - free_.size(); }
    std::size_t end() const { return values_.size(); } // Ids are below this.

private:
    std::deque<T> values_;
    std::vector<std::uint32_t> free_;
};

} // namespace qmgr
