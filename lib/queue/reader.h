// SPDX-License-Identifier: Apache-2.0
// MessageReader: one queue file, checked (FORMAT.md). Whatever stands in the file, the answer is a
// message or an error: a permanent one when the file is not, or no longer, a queue file (put it
// away with Directories::quarantine), a temporary one when the system failed to read it. Memory is
// bounded by the size of the file's envelope.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/fd.h"
#include "lib/base/result.h"
#include "lib/queue/disk.h"
#include "lib/queue/journal.h"
#include "lib/queue/message.h"

namespace queue {

// Where things lie in the file, and the facts about the content.
struct Layout {
    std::uint64_t content_offset = 0;
    std::uint64_t envelope_offset = 0;
    std::uint64_t envelope_size = 0;
    std::uint64_t journal_offset = 0;
    std::uint32_t content_crc = 0;
    std::uint32_t recipient_count = 0;
    ContentFacts content; // content.size bytes from content_offset.

    bool operator==(const Layout&) const = default;
};

class MessageReader {
public:
    // What is checked on opening. Envelope: superblock and envelope. Content: its checksum too;
    // needed for files that were there before this start of the system.
    enum class Check : std::uint8_t { Envelope, Content };

    // Takes over `file`, open for reading; for writing too when a Journal is to be made of it.
    static base::Result<MessageReader> open(Disk& disk, base::Fd file, Check check);
    // Opens `path` read-only. A permanent error also when it is no regular file with one link that
    // `owner` owns and nobody else can write; -1: any owner.
    static base::Result<MessageReader> open(Disk& disk, const std::string& path, Check check,
                                            uid_t owner = static_cast<uid_t>(-1));

    // All but the recipients.
    const Message& message() const { return message_; }
    const Layout& layout() const { return layout_; }
    int descriptor() const { return file_.number(); }

    // The next recipients in order, at most `limit` of them: a list of a hundred thousand need not
    // be in memory at once. Empty at the end. Index 0 is the first of the file.
    base::Result<std::vector<mail::Recipient>> next_recipients(std::size_t limit);
    // message() with all recipients.
    base::Result<Message> whole_message();

    // The journal, read and replayed now.
    base::Result<JournalState> journal(JournalDetail detail) const;

    // Up to `room.size()` bytes of the content from `offset`; fewer only at its end.
    base::Result<std::size_t> read_content(std::uint64_t offset, std::span<char> room) const;

    // Reads the content and compares its checksum; what Check::Content does on opening.
    base::Result<void> check_content() const;

    // Had the file a journal when it was opened? Of one without, nothing was ever tried.
    bool has_journal() const { return file_size_ > layout_.journal_offset; }

    // Gives the descriptor away, for a delivery agent or a Journal.
    base::Fd release() { return std::move(file_); }

private:
    MessageReader(Disk& disk, base::Fd file) : disk_(&disk), file_(std::move(file)) {}
    base::Result<void> load();
    base::Result<void> load_envelope();

    Disk* disk_;
    base::Fd file_;
    std::uint64_t file_size_ = 0;
    Layout layout_;
    Message message_;
    std::string envelope_;          // The envelope region.
    std::size_t recipients_at_ = 0; // Where the next recipient record begins in it.
    std::uint32_t recipients_read_ = 0;
};

} // namespace queue
