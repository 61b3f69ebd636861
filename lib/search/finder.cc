// SPDX-License-Identifier: Apache-2.0
// Going through the messages; see finder.h.
#include "lib/search/finder.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/queue/index_rebuild.h"
#include "lib/queue/reader.h"

namespace search {

using queue::IndexEntry;
using queue::Queue;

namespace {

constexpr Queue order[] = {Queue::Maildrop, Queue::Incoming, Queue::Active, Queue::Deferred,
                           Queue::Hold};
constexpr std::size_t first_indexed = 3;

// Ids that are remembered, so that one that moves on is not shown again.
constexpr std::size_t moving_limit = 50'000;
constexpr std::size_t key_batch = 200;
constexpr unsigned entries_between_looks = 32; // At the time.

bool is_gone(const base::Error& error)
{
    return error.text.ends_with("No such file or directory");
}

} // namespace

Finder::Finder(const queue::Directories& directories, const Filter& filter)
    : directories_(directories), filter_(filter), keys_(filter.keys()),
      scan_(directories.scan(order[0]))
{
}

// Asked when it is their turn: an index that is being made anew may be complete by then.
bool Finder::indexed() const
{
    return index_ != nullptr && !index_->needs_rebuild();
}

void Finder::next_place()
{
    ++place_;
    if (place_ == std::size(order)) {
        source_ = Source::End;
    } else if (place_ == first_indexed && indexed()) {
        source_ = keys_.empty() ? Source::Whole : Source::Keys;
        place_ = std::size(order) - 1;
    } else {
        scan_ = directories_.scan(order[place_]);
    }
}

base::Result<bool> Finder::run(const queue::Index* index,
                               const std::function<bool(const IndexEntry&)>& take,
                               const std::function<bool()>& enough)
{
    index_ = index;
    if (index_ == nullptr && (source_ == Source::Keys || source_ == Source::Whole))
        return base::temporary("the queue index is no longer open");
    const Step step{take, enough};
    while (source_ != Source::End) {
        auto over = base::Result<bool>(true);
        switch (source_) {
        case Source::Files: over = run_files(step); break;
        case Source::Keys: over = run_keys(step); break;
        case Source::Whole: over = run_whole(step); break;
        case Source::End: break;
        }
        if (!over || !*over)
            return over;
        next_place();
    }
    return true;
}

bool Finder::show(const Step& step, const IndexEntry& entry)
{
    return !filter_.matches(entry) || step.take(entry);
}

// Each of these: true at the end of the place, false when it is enough for now.
base::Result<bool> Finder::run_files(const Step& step)
{
    while (!filter_.excludes(order[place_])) {
        if (step.enough())
            return false;
        auto id = scan_.next();
        if (!id)
            return base::permanent(id.error().text);
        if (!*id)
            break;
        auto more = run_file(step, **id);
        if (!more || !*more)
            return more;
    }
    return true;
}

base::Result<bool> Finder::run_file(const Step& step, const mail::QueueId& id)
{
    if (moving_.count(id) != 0)
        return true;
    const Queue queue = order[place_];
    const std::string path = directories_.path(queue, id);
    queue::FileStatus status;
    if (directories_.disk().status(path, status) != 0)
        return true; // It has moved on.
    auto reader = queue::MessageReader::open(directories_.disk(), path,
                                             queue::MessageReader::Check::Envelope);
    // Of what is amiss in maildrop pickup tells.
    if (!reader && (is_gone(reader.error()) || queue == Queue::Maildrop))
        return true;
    if (!reader)
        return base::permanent(reader.error().text);
    auto entry = queue::index_entry(*reader, queue, status.modified);
    if (!entry)
        return base::permanent(base::cat(path, ": ", entry.error().text));
    if (moving_.size() < moving_limit && place_ < first_indexed)
        moving_.insert(id);
    return show(step, *entry);
}

base::Result<bool> Finder::run_whole(const Step& step)
{
    unsigned looked = 0;
    return index_->each(after_, [&](const IndexEntry& entry) {
        if (++looked % entries_between_looks == 0 && step.enough())
            return false;
        after_ = entry.id;
        return moving_.count(entry.id) != 0 || show(step, entry);
    });
}

// Found by an earlier key already.
bool Finder::is_repeated(const IndexEntry& entry) const
{
    return moving_.count(entry.id) != 0 ||
           std::any_of(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(key_),
                       [&](const Filter::Key& key) { return has_key(entry, key); });
}

base::Result<bool> Finder::run_keys(const Step& step)
{
    while (key_ < keys_.size()) {
        if (step.enough())
            return false;
        auto ids = index_->with(keys_[key_].field, keys_[key_].value, after_, key_batch);
        if (!ids)
            return ids.error();
        for (const auto& id : *ids) {
            after_ = id;
            auto entry = index_->find(id);
            if (entry && !is_repeated(*entry) && !show(step, *entry))
                return false;
        }
        if (ids->size() < key_batch) {
            ++key_;
            after_.clear();
        }
    }
    return true;
}

} // namespace search
