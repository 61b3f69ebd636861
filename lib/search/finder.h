// SPDX-License-Identifier: Apache-2.0
// Finder: goes through the waiting messages that a filter means, a little at a time. Messages in
// maildrop, incoming and active are read from their files; deferred and held ones from the index
// when there is a complete one, from their files otherwise. Messages that move meanwhile may be
// missed, and are shown once unless very many are in motion.
#pragma once

#include <functional>
#include <unordered_set>

#include "lib/queue/directories.h"
#include "lib/search/filter.h"

namespace search {

class Finder {
public:
    // Both outlive the finder.
    Finder(const queue::Directories& directories, const Filter& filter);

    // Shows matches to `take` until that, or `enough`, says so, or there are no more. `take`
    // returns false when it wants no more now; `enough` is asked again and again while nothing
    // matches. True: that was all. A permanent error: what it tells of was passed over; go on.
    // `index` may be null at the first call, or be gone at a later one: that is a temporary error.
    base::Result<bool> run(const queue::Index* index,
                           const std::function<bool(const queue::IndexEntry&)>& take,
                           const std::function<bool()>& enough);

private:
    enum class Source : std::uint8_t { Files, Keys, Whole, End };
    struct Step {
        const std::function<bool(const queue::IndexEntry&)>& take;
        const std::function<bool()>& enough;
    };

    bool indexed() const;
    void next_place();
    base::Result<bool> run_files(const Step& step);
    base::Result<bool> run_file(const Step& step, const mail::QueueId& id);
    base::Result<bool> run_keys(const Step& step);
    base::Result<bool> run_whole(const Step& step);
    bool show(const Step& step, const queue::IndexEntry& entry);
    bool is_repeated(const queue::IndexEntry& entry) const;

    const queue::Directories& directories_;
    const queue::Index* index_ = nullptr; // During run().
    const Filter& filter_;
    std::vector<Filter::Key> keys_;
    std::size_t place_ = 0; // In the order of queues.
    Source source_ = Source::Files;
    queue::Directories::Scan scan_;
    std::size_t key_ = 0;
    std::string after_;                        // The last id that was looked at.
    std::unordered_set<mail::QueueId> moving_; // Seen before the index.
};

} // namespace search
