// SPDX-License-Identifier: Apache-2.0
// The journal: what happened to a message since it was written, at the end of its file (FORMAT.md).
// One result costs one small write. Nothing here is synced: a mark that a crash takes away means a
// second delivery, never a lost one. A caller that wants more syncs the descriptor.
//
// Bounded: of each recipient the first attempt and the latest ones are kept, attempts_kept in all;
// later ones go where an old one was. Final results are always added at the end, never over
// another record.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/result.h"
#include "lib/mail/outcome.h"
#include "lib/queue/disk.h"

namespace queue {

inline constexpr std::size_t attempts_kept = 8;

// Longer texts are cut when written.
inline constexpr std::size_t outcome_text_limit = 1500;
inline constexpr std::size_t outcome_reply_limit = 2000;
inline constexpr std::size_t outcome_host_limit = 300; // relay and mta.

struct Attempt {
    std::uint32_t number = 0; // 1 is the first.
    mail::Outcome outcome;

    bool operator==(const Attempt&) const = default;
};

// One recipient after all that the journal says.
struct RecipientState {
    mail::Status status = mail::Status::Queued;
    std::uint32_t attempts = 0;   // Made so far, kept or not.
    std::vector<Attempt> history; // Ascending; see JournalDetail.
    bool told = false; // Who wants to know of its success (RFC 3461) has been told, or will be.

    bool done() const { return status != mail::Status::Queued && status != mail::Status::Deferred; }
    bool operator==(const RecipientState&) const = default;
};

// Things that concern the whole message. The latest of each kind counts.
enum class NoteKind : std::uint8_t {
    Held,          // Value 1 or 0.
    Expired,       // postsuper -e: treat as too old. Value 1 or 0.
    NextAttempt,   // Value: microseconds since 1970.
    WarningSent,   // Value: microseconds since 1970, when the delay warning was sent.
    Lifetime,      // Value: microseconds since 1970, when the message is returned.
    ReportSent,    // The delivery report of sendmail -v was sent. Value 1 or 0.
    ExpansionTold, // The sender was told of addresses that cleanup replaced. Value 1 or 0.
};
inline constexpr std::size_t note_kinds = 7;

// How much of the attempts' texts is kept in memory.
enum class JournalDetail : std::uint8_t { States, Latest, All };

// A place in the journal that may be written again.
struct JournalSlot {
    std::uint64_t offset = 0;
    std::uint32_t capacity = 0; // Bytes of value.
    std::uint32_t sequence = 0;
    std::uint32_t attempt = 0; // Its number, in slots of attempts.

    bool operator==(const JournalSlot&) const = default;
};

struct JournalState {
    std::vector<RecipientState> recipients; // As many as the file has, same order.
    std::array<std::int64_t, note_kinds> notes{};

    std::int64_t note(NoteKind kind) const { return notes[static_cast<std::size_t>(kind)]; }
    bool all_done() const;

    // For Journal: where things lie.
    std::vector<std::vector<JournalSlot>> attempt_slots; // By recipient.
    std::array<std::vector<JournalSlot>, note_kinds> note_slots;
    std::uint64_t end = 0;      // Offset of the next record.
    std::uint32_t sequence = 0; // Of the last record.
    bool damaged = false;       // Something before the end could not be read, or the tail was torn.

    bool operator==(const JournalState&) const = default;
};

class Journal {
public:
    // Takes over a descriptor that is open for writing, and the state that MessageReader::journal
    // found in it. The only writer of the file.
    Journal(Disk& disk, base::Fd file, JournalState state);

    const JournalState& state() const { return state_; }

    struct Entry {
        std::uint32_t recipient = 0; // Index in the file.
        const mail::Outcome& outcome;
    };
    // Notes one more attempt for each recipient (none of them twice); what is added at the end goes
    // out in one write. After an error state() is what it was, though the file may hold more.
    base::Result<void> record(std::span<const Entry> entries);
    base::Result<void> record(std::uint32_t recipient, const mail::Outcome& outcome);

    base::Result<void> note(NoteKind kind, std::int64_t value);

    // Notes that these recipients' success has been told.
    base::Result<void> tell(std::span<const std::uint32_t> recipients);

    base::Result<void> sync();

private:
    struct Placement;
    Placement place(std::uint32_t recipient, const mail::Outcome& outcome,
                    std::uint64_t& end) const;
    void remember(const Placement& placement, const mail::Outcome& outcome);

    Disk& disk_;
    base::Fd file_;
    JournalState state_;
};

} // namespace queue
