// SPDX-License-Identifier: Apache-2.0
// Importer: takes the messages of a Postfix queue into ours. For each message, in this order:
//
//     1. ours is written under saved/import.QUEUE.ID, complete, and synced with its directory
//     2. the original is removed (or put into its own saved/, when something was not understood),
//        and its directory is synced
//     3. ours gets its name in its queue
//
// A crash before 2 leaves the original, and what is under saved/ is written anew; one after 2
// leaves ours alone, and resume() does 3. So an import may be interrupted and run again: nothing
// is lost, nothing comes twice. Both systems must be stopped. Memory: the names of one queue.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lib/base/log.h"
#include "lib/queue/directories.h"
#include "lib/queue/writer.h"
#include "tools/postfix/spool/delivery_log.h"
#include "tools/postfix/spool/message.h"

namespace spool {

struct Counts {
    std::uint64_t imported = 0;
    std::uint64_t left = 0; // Could not be read or written: still where they were.
};

class Importer {
public:
    struct Source {
        queue::Disk& disk;
        std::string directory; // Absolute.
        bool is_ours;          // It is our own queue directory.
    };
    // `ours` and the source's disk outlive the importer. The process runs as the queue's owner.
    Importer(const queue::Directories& ours, const Source& source);

    // Ends what an interrupted import has begun. To be called once, first.
    base::Result<void> resume();

    // Imports one queue. Says in the log what becomes of each message.
    base::Result<void> import(queue::Queue from);

    const Counts& counts() const { return counts_; }

private:
    struct Job { // One message on its way.
        std::string original;
        mail::QueueId name; // Of the original.
        queue::Queue to = queue::Queue::Incoming;
        mail::QueueId id; // Ours.
        std::string aside;
        std::vector<std::string> not_understood;
        std::size_t waiting = 0; // Recipients.
        queue::UncommittedMessage file;
    };
    struct History;

    base::Result<std::vector<std::string>> files_of(queue::Queue from) const;
    base::Result<void> import_one(queue::Queue from, const std::string& path);
    base::Result<bool> is_candidate(queue::Queue from, const std::string& path, int file,
                                    queue::FileStatus& status) const;
    base::Result<Job> prepare(queue::Queue from, const std::string& path, base::Fd file,
                              const queue::FileStatus& status);
    base::Result<void> write(Job& job, queue::MessageWriter& writer, SpoolMessage& message,
                             const queue::FileStatus& status);
    queue::Message in_our_words(const Job& job, SpoolMessage& message,
                                const queue::FileStatus& status) const;
    base::Result<void> write_history(const Job& job, const History& history);
    void flush_batch();
    base::Result<void> drop_original(const Job& job);
    void tell(const Job& job);
    base::Result<void> take_place(const std::string& aside, queue::Queue to,
                                  const mail::QueueId& id);
    base::Result<void> unfinished(const std::string& aside, const base::Error& why);
    base::Result<void> finish_earlier(const std::string& aside, queue::Queue to,
                                      const mail::QueueId& id);
    std::vector<LoggedRecipient> read_log(std::string_view directory, const mail::QueueId& name,
                                          base::WallTime& when) const;
    std::string log_path(std::string_view directory, const mail::QueueId& name) const;
    bool is_taken(const mail::QueueId& id, const std::string& original) const;
    void leave(const std::string& path, std::string_view why);

    const queue::Directories& ours_;
    Source source_;
    base::Log log_;
    Counts counts_;
    std::set<mail::QueueId> used_; // In this run.
    std::vector<Job> batch_;
};

} // namespace spool
