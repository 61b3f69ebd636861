// SPDX-License-Identifier: Apache-2.0
// The bytes of a small queue file, always the same: for the golden file, mutation and fuzz targets.
#pragma once

#include "lib/base/crc32c.h"
#include "lib/queue/content_scan.h"
#include "lib/queue/format.h"
#include "lib/queue/journal.h"
#include "tests/unit/queue/string_disk.h"

namespace queue {

inline std::string file_of(const Message& message, std::string_view content)
{
    ContentScan scan;
    scan.feed(content);
    scan.end();
    const std::string envelope = std::move(format::encode_envelope(message)).value();
    Layout layout;
    layout.content = scan.facts();
    layout.content_offset = format::superblock_size;
    layout.envelope_offset = layout.content_offset + content.size();
    layout.envelope_size = envelope.size();
    layout.journal_offset = layout.envelope_offset + envelope.size();
    layout.content_crc = base::crc32c(content);
    layout.recipient_count = static_cast<std::uint32_t>(message.recipients.size());
    return format::encode_superblock(layout) + std::string(content) + envelope;
}

inline mail::Outcome deferred_outcome(long long second)
{
    return {mail::Status::Deferred,
            "4.4.1",
            "connect to mx.example.org[192.0.2.2]:25: Connection refused",
            "none",
            "",
            "",
            base::from_unix_seconds(1'795'302'000 + second)};
}

inline mail::Outcome sent_outcome(long long second)
{
    return {mail::Status::Sent,
            "2.0.0",
            "250 2.0.0 Ok: queued as 12345",
            "mx.example.org[192.0.2.2]:25",
            "mx.example.org",
            "250 2.0.0 Ok: queued as 12345",
            base::from_unix_seconds(1'795'302'000 + second)};
}

// With a journal: the first recipient deferred, then sent; one note.
inline std::string with_journal(std::string file, std::uint32_t recipients)
{
    StringDisk disk;
    JournalState state;
    state.recipients.resize(recipients);
    state.attempt_slots.resize(recipients);
    state.end = file.size();
    disk.bytes = std::move(file);
    Journal journal{disk, base::Fd{}, state};
    (void)journal.record(0, deferred_outcome(1));
    (void)journal.note(NoteKind::NextAttempt, 1'795'302'300'000'000);
    (void)journal.record(0, sent_outcome(300));
    return disk.bytes;
}

} // namespace queue
