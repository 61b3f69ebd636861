// SPDX-License-Identifier: Apache-2.0
// A binary heap of small numbers (slots in a Slab) that can also move or drop any member: the
// building block of every queue and timer of the scheduler. All changes are O(log n).
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace qmgr {

// Where each id stands in its heap. One Places may serve many heaps as long as an id is in at most
// one of them at a time, so that memory grows with the ids and not with ids times heaps.
using Places = std::vector<std::uint32_t>;

// Key: copyable, ordered by <. The least key is on top.
template <typename Key> class IdHeap {
public:
    struct Item {
        Key key;
        std::uint32_t id;
    };

    // `places` belongs to the caller and outlives the heap.
    explicit IdHeap(Places& places) : places_(&places) {}

    bool empty() const { return items_.empty(); }
    std::size_t size() const { return items_.size(); }
    const Item& top() const { return items_.front(); }

    void push(std::uint32_t id, Key key)
    {
        if (places_->size() <= id)
            places_->resize(id + 1, nowhere);
        items_.push_back(Item{key, id});
        up(items_.size() - 1);
    }

    // `id` must be in this heap.
    void erase(std::uint32_t id)
    {
        const std::size_t hole = (*places_)[id];
        (*places_)[id] = nowhere;
        const Item last = items_.back();
        items_.pop_back();
        if (hole == items_.size())
            return;
        items_[hole] = last;
        up(hole);
        down((*places_)[last.id]);
    }

    void pop() { erase(items_.front().id); }

    // True when `id` is in any heap of these Places.
    bool holds(std::uint32_t id) const { return id < places_->size() && (*places_)[id] != nowhere; }

    // Inserts or moves; only for heaps that do not share their Places.
    void set(std::uint32_t id, Key key)
    {
        if (holds(id))
            erase(id);
        push(id, key);
    }

    void drop(std::uint32_t id)
    {
        if (holds(id))
            erase(id);
    }

private:
    static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

    void place(std::size_t at, const Item& item)
    {
        items_[at] = item;
        (*places_)[item.id] = static_cast<std::uint32_t>(at);
    }

    void up(std::size_t at)
    {
        const Item item = items_[at];
        while (at > 0 && item.key < items_[(at - 1) / 2].key) {
            place(at, items_[(at - 1) / 2]);
            at = (at - 1) / 2;
        }
        place(at, item);
    }

    void down(std::size_t at)
    {
        const Item item = items_[at];
        for (std::size_t child = 2 * at + 1; child < items_.size(); child = 2 * at + 1) {
            if (child + 1 < items_.size() && items_[child + 1].key < items_[child].key)
                ++child;
            if (!(items_[child].key < item.key))
                break;
            place(at, items_[child]);
            at = child;
        }
        place(at, item);
    }

    std::vector<Item> items_;
    Places* places_;
};

} // namespace qmgr
