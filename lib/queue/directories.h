// SPDX-License-Identifier: Apache-2.0
// The queue directories: where a message of a given id lies, and the moves between queues. Names,
// hashing, owners and modes are Postfix's, because people and monitoring look at them. Moves are
// plain renames without sync: after a crash a message is in one of the two places, and either is
// fine, because what is in active is taken up again at start.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/mail/queue_id.h"
#include "lib/queue/disk.h"

namespace queue {

enum class Queue : std::uint8_t { Maildrop, Incoming, Active, Deferred, Hold, Corrupt };

// "maildrop", "incoming", ...
std::string_view queue_name(Queue queue);
std::optional<Queue> queue_of_name(std::string_view name);

class Directories {
public:
    struct Options {
        std::vector<std::string> hashed = {"deferred", "defer"}; // hash_queue_names
        unsigned depth = 1;                                      // hash_queue_depth
    };
    Directories(Disk& disk, Options options);

    // Relative to the queue directory: "deferred/A/A1B2C3". `id` must be is_queue_id().
    std::string path(Queue queue, std::string_view id) const;
    std::string directory(Queue queue, std::string_view id) const;

    // Makes the hash directories for `id`; they are made when the first message needs them.
    base::Result<void> make_hash_directories(Queue queue, std::string_view id) const;

    // Who owns what `create_missing` makes: mail_owner and setgid_group.
    struct Owners {
        uid_t root = 0;
        uid_t mail_owner = 0;
        gid_t setgid_group = 0;
    };
    // Makes every directory of Postfix's set that is absent. Existing ones are left as they are.
    base::Result<void> create_missing(const Owners& owners);

    // Renames. A permanent error: there is no such message in `from`. A missing hash directory is
    // made.
    base::Result<void> move(std::string_view id, Queue from, Queue to);
    // Moves to deferred, and notes the next attempt as the file's time.
    base::Result<void> defer(std::string_view id, Queue from, base::WallTime next_attempt);
    // Moves to maildrop, from where pickup takes it as if it had just been submitted. A permanent
    // error also: another message has that name there.
    base::Result<void> requeue(std::string_view id, Queue from);
    base::Result<void> remove(Queue queue, std::string_view id);
    // Puts away what cannot be read.
    base::Result<void> quarantine(Queue queue, std::string_view id);

    // The first queue of incoming, active, deferred, hold, maildrop, corrupt that holds `id`.
    std::optional<Queue> find(std::string_view id) const;

    // The message ids of a queue in no order, hash directories included. Names that are no queue
    // ids are passed over.
    class Scan {
    public:
        // Nothing at the end. A directory that cannot be read is an error, once, and passed over.
        base::Result<std::optional<mail::QueueId>> next();

    private:
        friend class Directories;
        struct Level {
            std::string path;
            std::unique_ptr<DirectoryListing> names;
        };
        Scan(Disk& disk, std::string path) : disk_(&disk), to_open_(std::move(path)) {}
        base::Result<void> descend(std::string path);

        Disk* disk_;
        std::string to_open_;
        std::vector<Level> levels_;
    };
    Scan scan(Queue queue) const;

    // Removes temporary names in `queue` that a crash left behind, older than `before`. Only file
    // systems without O_TMPFILE ever have some.
    base::Result<unsigned> sweep(Queue queue, base::WallTime before);

    Disk& disk() const { return disk_; }

private:
    bool hashes(Queue queue) const;
    base::Result<void> rename_into(const std::string& from, Queue to, std::string_view id);

    Disk& disk_;
    Options options_;
    unsigned hashed_ = 0; // One bit per Queue.
};

// What may be in the directory of `id` under a hashed queue: the characters that name it. Short
// ids: their first characters. Long ids: those of their microseconds as five hexadecimal digits.
std::string hash_key(std::string_view id, unsigned depth);

} // namespace queue
