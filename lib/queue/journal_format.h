// SPDX-License-Identifier: Apache-2.0
// The bytes of journal records, and their replay; FORMAT.md describes them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/queue/disk.h"
#include "lib/queue/journal.h"

namespace queue::format {

inline constexpr std::size_t journal_header_size = 24;
inline constexpr std::uint32_t journal_capacity_limit = 8192;

// Records with the bit 0x8000 may be passed over by a reader that does not know them.
enum class JournalType : std::uint16_t { Attempt = 1, Note = 2, Told = 0x8003 };

struct JournalRecord {
    JournalType type = JournalType::Attempt;
    std::uint32_t capacity = 0; // At least the value's size.
    std::uint32_t sequence = 0;
    std::string_view value;
};

// Header and value, without the room behind the value.
std::string encode_journal_record(const JournalRecord& record);

// Texts are cut at their limits.
std::string encode_attempt(std::uint32_t recipient, std::uint32_t number,
                           const mail::Outcome& outcome);
std::string encode_note(NoteKind kind, std::int64_t value);
// At most told_limit of them.
std::string encode_told(std::span<const std::uint32_t> recipients);
inline constexpr std::size_t told_limit = journal_capacity_limit / 4;

// Room for a value that may be overwritten by a longer one later.
std::uint32_t attempt_capacity(std::size_t size);
// Room for a value that stays.
std::uint32_t final_capacity(std::size_t size);

// Adds an attempt, and drops those that are too many.
void keep_attempt(RecipientState& state, Attempt attempt, JournalDetail detail);

// What to read: the journal of a file, from `offset` to `file_size`.
struct JournalSource {
    Disk& disk;
    int file;
    std::uint64_t offset;
    std::uint64_t file_size;
    std::uint32_t recipient_count;
};
base::Result<JournalState> replay_journal(const JournalSource& source, JournalDetail detail);

} // namespace queue::format
