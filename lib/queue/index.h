// SPDX-License-Identifier: Apache-2.0
// Index: an LMDB table of the deferred and held messages, so that a million of them cost no scan
// at start, no memory, and no search when somebody asks. It holds nothing that is not in the queue
// files, and is made again from them (index_rebuild.h) when it is absent, damaged, or was not
// closed properly: what was not closed is never read. One process, one thread has it open.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/mail/failure_class.h"
#include "lib/mail/queue_id.h"
#include "lib/queue/directories.h"

namespace queue {

struct IndexedRecipient {
    std::string address;
    std::string destination; // Next hop of the last attempt; before it, the domain.
    std::string reason;      // Why it waits; empty when not tried.
    mail::Failure failure{}; // Of which class that is.

    bool operator==(const IndexedRecipient&) const = default;
};

struct IndexEntry {
    mail::QueueId id;
    Queue queue = Queue::Deferred; // Deferred or Hold.
    base::WallTime next_attempt{}; // Held messages are not in the order of attempts.
    base::WallTime arrival{};
    std::uint64_t size = 0;
    bool expired = false; // Told to be returned at its next attempt.
    std::string sender;
    std::uint32_t recipient_count = 0;        // Not yet done.
    std::vector<IndexedRecipient> recipients; // The first index_recipient_limit of them.

    bool operator==(const IndexEntry&) const = default;
};

// A message to more recipients than this is found by the first ones only.
inline constexpr std::size_t index_recipient_limit = 1000;
// Longer values are found by their first bytes.
inline constexpr std::size_t index_key_limit = 200;

// Class: by failure_class_name().
enum class IndexField : std::uint8_t { Sender, Recipient, Domain, Destination, Reason, Class };

// The domain of an address in lower case; empty when it has none.
std::string domain_of(std::string_view address);

struct Due {
    base::WallTime when{};
    mail::QueueId id;

    bool operator==(const Due&) const = default;
};

// The queue manager's index, in data_directory.
inline constexpr std::string_view index_file_name = "queue_index";

// For those who change queue files while no queue manager runs: takes the mark of a clean end away,
// so that the next one to open the index makes it again. No error when there is none.
base::Result<void> distrust_index(const std::string& path);

class Index {
public:
    struct Options {
        std::string path;                        // The file; ".clean" and "-lock" are added.
        std::size_t map_size = 16 * 1024 * 1024; // To begin with; doubles when full.
        std::size_t map_limit = std::size_t{1} << 36;
    };
    // Opens, or begins anew when there is none that can be trusted.
    static base::Result<std::unique_ptr<Index>> open(const Options& options);
    // Closes without the mark of a clean end.
    ~Index();
    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;

    // There was none to trust, and it has not been filled yet: run an IndexRebuild.
    bool needs_rebuild() const;
    // Everything is in again. An index that is not complete is never marked as good.
    void set_complete();

    // Adds, or replaces what is there under the same id. The second form is one transaction.
    base::Result<void> put(const IndexEntry& entry);
    base::Result<void> put(std::span<const IndexEntry> entries);
    // Removing what is not there is no error.
    base::Result<void> remove(std::string_view id);

    // A permanent error when there is no such message.
    base::Result<IndexEntry> find(std::string_view id) const;

    // Deferred messages in order of their next attempt, after `after`, not later than `until`, at
    // most `limit`. Go on by passing the last one seen; begin with {}.
    base::Result<std::vector<Due>> due(const Due& after, base::WallTime until,
                                       std::size_t limit) const;
    // Messages of which a field has this value (case does not matter), in order of id, after the id
    // `after`, at most `limit`.
    base::Result<std::vector<mail::QueueId>> with(IndexField field, std::string_view value,
                                                  std::string_view after, std::size_t limit) const;
    // All messages in order of id, or of arrival.
    base::Result<std::vector<mail::QueueId>> all(std::string_view after, std::size_t limit) const;
    base::Result<std::vector<Due>> by_arrival(const Due& after, base::WallTime until,
                                              std::size_t limit) const;
    base::Result<std::uint64_t> count() const;

    // Shows entries to `visit` in order of id, after the id `after`, until it says false or all
    // have been seen. True: these were all. An entry that cannot be read is passed over.
    base::Result<bool> each(std::string_view after,
                            const std::function<bool(const IndexEntry&)>& visit) const;

    // Writes everything out and marks the file as good for the next open. Nothing else may be
    // called afterwards.
    base::Result<void> close();

    struct State;
    explicit Index(std::unique_ptr<State> state);

private:
    std::unique_ptr<State> state_;
};

} // namespace queue
