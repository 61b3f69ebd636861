// SPDX-License-Identifier: Apache-2.0
// MessageWriter: makes one queue file (FORMAT.md). The way of a message:
//
//     begin()  -> a file without a name, and the queue id
//     append() -> content in wire form, as it comes
//     finish() -> envelope, superblock, and the name in its queue
//     commit() -> file and directory on disk: only now may anybody say 250
//
// A writer that is destroyed before finish() leaves nothing behind. Between finish() and commit()
// the name is there, but nothing may be acknowledged; should the machine stop there, readers take
// the file for incomplete (MessageReader::Check) unless all of it reached the disk.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/fd.h"
#include "lib/base/result.h"
#include "lib/queue/content_scan.h"
#include "lib/queue/directories.h"
#include "lib/queue/message.h"

namespace queue {

// A message that has its name but is not yet safe. Whoever holds it must commit() it.
struct UncommittedMessage {
    base::Fd file;
    mail::QueueId id;
    std::string directory; // Which commit() syncs; empty: none.
    std::string path;
};

// Syncs and closes each file, then syncs each directory they lie in once, and tells for each
// message whether it is safe. One that is not is removed and never tried again: after a failed
// fsync the kernel may have dropped the data and forgotten the error. Blocks; touches nothing but
// `disk` and its arguments, so that it may run on another thread. Both spans have the same length.
void commit(Disk& disk, std::span<UncommittedMessage> messages,
            std::span<base::Result<void>> results);
base::Result<void> commit(Disk& disk, UncommittedMessage& message);

class MessageWriter {
public:
    struct Options {
        Queue queue = Queue::Incoming;
        bool long_ids = false;        // enable_long_queue_ids
        std::uint64_t size_limit = 0; // message_size_limit; 0: none.
        std::uint64_t minfree = 0;    // queue_minfree; 0: no look at the free space.
        mail::QueueId id;             // Takes this id, known to be free; empty: a new one.
        mode_t mode = 0700;           // Of the complete file, whatever the umask is.
    };

    // `directories` outlives the writer. Temporary errors: no space, too many files.
    static base::Result<MessageWriter> begin(const Directories& directories, base::WallTime arrival,
                                             const Options& options);
    MessageWriter(MessageWriter&&) noexcept = default;
    MessageWriter& operator=(MessageWriter&&) = delete;
    ~MessageWriter();

    const mail::QueueId& id() const { return id_; }

    // Adds content in wire form (lines end in CRLF, dots not stuffed). A permanent error: larger
    // than size_limit. After an error only destruction is useful.
    base::Result<void> append(std::string_view content);

    // What is known of the content so far; complete after end_of_content().
    const ContentFacts& facts() const { return scan_.facts(); }
    // No more content. finish() calls it when needed.
    const ContentFacts& end_of_content();

    // Writes the rest and gives the file its name. `message.id` is ignored, id() holds. `queue` may
    // differ from Options::queue when the message is to be held. Not durable yet: commit().
    base::Result<UncommittedMessage> finish(Message message);
    base::Result<UncommittedMessage> finish(Message message, Queue queue);
    // The same under `path` in saved/, whose name is no queue id: no reader takes it for a message
    // until the caller moves it into a queue.
    base::Result<UncommittedMessage> finish_aside(Message message, const std::string& path);

private:
    MessageWriter(const Directories& directories, base::WallTime arrival, const Options& options);
    base::Result<void> create();
    Errno create_named();
    base::Result<void> flush(std::string_view more);
    base::Result<void> write_envelope(Message& message);
    base::Result<void> write_tail(std::string_view envelope, std::uint32_t recipients);
    base::Result<void> give_name(const std::string& path, Errno linked);
    Errno link_to(const std::string& path);

    const Directories* directories_;
    Options options_;
    base::WallTime arrival_;
    mail::QueueId id_;
    base::Fd file_;
    std::string temporary_; // Its name where there is no O_TMPFILE; removed on destruction.
    std::string buffer_;    // Content that is not yet written.
    bool flushed_ = false;  // Something is written, with room for the superblock before it.
    std::uint32_t content_crc_ = 0;
    ContentScan scan_;
};

} // namespace queue
