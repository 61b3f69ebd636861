// SPDX-License-Identifier: Apache-2.0
// The writing half of the journal; see journal.h.
#include "lib/queue/journal.h"

#include <algorithm>

#include "lib/queue/journal_format.h"

namespace queue {

namespace {

// Two places for each kind of note: a torn overwrite leaves the value before it.
constexpr std::size_t note_slots_kept = 2;

// The oldest attempt with enough room, but not the first one ever, nor while there are few.
const JournalSlot* reusable(const std::vector<JournalSlot>& slots, std::size_t size)
{
    if (slots.size() < attempts_kept)
        return nullptr;
    const JournalSlot* oldest = nullptr;
    for (const JournalSlot& slot : slots)
        if (slot.attempt != 1 && slot.capacity >= size &&
            (oldest == nullptr || slot.attempt < oldest->attempt))
            oldest = &slot;
    return oldest;
}

} // namespace

bool JournalState::all_done() const
{
    return std::all_of(recipients.begin(), recipients.end(),
                       [](const RecipientState& recipient) { return recipient.done(); });
}

// Where a result goes, and its bytes.
struct Journal::Placement {
    std::uint32_t recipient = 0;
    JournalSlot slot;
    std::uint32_t replaces = 0; // The attempt that was there; 0: added at the end.
    std::string bytes;
};

Journal::Journal(Disk& disk, base::Fd file, JournalState state)
    : disk_(disk), file_(std::move(file)), state_(std::move(state))
{
}

Journal::Placement Journal::place(std::uint32_t recipient, const mail::Outcome& outcome,
                                  std::uint64_t& end) const
{
    const std::uint32_t number = state_.recipients[recipient].attempts + 1;
    const std::string value = format::encode_attempt(recipient, number, outcome);
    Placement placement;
    placement.recipient = recipient;
    placement.slot.attempt = number;
    const JournalSlot* old =
        outcome.final() ? nullptr : reusable(state_.attempt_slots[recipient], value.size());
    if (old != nullptr) {
        placement.slot.offset = old->offset;
        placement.slot.capacity = old->capacity;
        placement.replaces = old->attempt;
    } else {
        placement.slot.offset = end;
        placement.slot.capacity = outcome.final() ? format::final_capacity(value.size())
                                                  : format::attempt_capacity(value.size());
        end += format::journal_header_size + placement.slot.capacity;
    }
    placement.bytes = format::encode_journal_record(
        {format::JournalType::Attempt, placement.slot.capacity, state_.sequence + 1, value});
    placement.slot.sequence = state_.sequence + 1;
    return placement;
}

base::Result<void> Journal::record(std::span<const Entry> entries)
{
    std::uint64_t end = state_.end;
    std::string added;
    std::vector<Placement> placements;
    placements.reserve(entries.size());
    for (const Entry& entry : entries) {
        if (entry.recipient >= state_.recipients.size())
            return base::permanent("no such recipient in the queue file");
        const Placement& placement =
            placements.emplace_back(place(entry.recipient, entry.outcome, end));
        if (placement.replaces != 0) {
            if (const Errno error =
                    disk_.pwrite(file_.number(), placement.bytes, placement.slot.offset))
                return base::system_error("write journal", error);
            continue;
        }
        added += placement.bytes;
        added.resize(end - state_.end, '\0');
    }
    if (!added.empty())
        if (const Errno error = disk_.pwrite(file_.number(), added, state_.end))
            return base::system_error("write journal", error);
    state_.end = end;
    ++state_.sequence;
    for (std::size_t i = 0; i < entries.size(); ++i)
        remember(placements[i], entries[i].outcome);
    return {};
}

base::Result<void> Journal::record(std::uint32_t recipient, const mail::Outcome& outcome)
{
    const Entry entry{recipient, outcome};
    return record(std::span(&entry, 1));
}

void Journal::remember(const Placement& placement, const mail::Outcome& outcome)
{
    RecipientState& recipient = state_.recipients[placement.recipient];
    std::vector<JournalSlot>& slots = state_.attempt_slots[placement.recipient];
    if (placement.replaces != 0) {
        std::erase_if(
            slots, [&](const JournalSlot& slot) { return slot.offset == placement.slot.offset; });
        std::erase_if(recipient.history,
                      [&](const Attempt& old) { return old.number == placement.replaces; });
    }
    if (!outcome.final())
        slots.push_back(placement.slot);
    recipient.attempts = placement.slot.attempt;
    if (!recipient.done())
        recipient.status = outcome.status;
    format::keep_attempt(recipient, {placement.slot.attempt, outcome}, JournalDetail::All);
}

base::Result<void> Journal::note(NoteKind kind, std::int64_t value)
{
    const auto index = static_cast<std::size_t>(kind);
    std::vector<JournalSlot>& slots = state_.note_slots[index];
    const std::string note = format::encode_note(kind, value);
    JournalSlot slot{state_.end, format::final_capacity(note.size()), state_.sequence + 1, 0};
    const auto oldest = std::min_element(
        slots.begin(), slots.end(),
        [](const JournalSlot& a, const JournalSlot& b) { return a.sequence < b.sequence; });
    const bool overwrites = slots.size() >= note_slots_kept && oldest->capacity >= note.size();
    if (overwrites) {
        slot.offset = oldest->offset;
        slot.capacity = oldest->capacity;
    }
    std::string bytes = format::encode_journal_record(
        {format::JournalType::Note, slot.capacity, slot.sequence, note});
    bytes.resize(format::journal_header_size + slot.capacity, '\0');
    if (const Errno error = disk_.pwrite(file_.number(), bytes, slot.offset))
        return base::system_error("write journal", error);
    if (overwrites)
        *oldest = slot;
    else {
        slots.push_back(slot);
        state_.end += bytes.size();
    }
    state_.sequence = slot.sequence;
    state_.notes[index] = value;
    return {};
}

base::Result<void> Journal::tell(std::span<const std::uint32_t> recipients)
{
    while (!recipients.empty()) {
        const auto some = recipients.first(std::min(recipients.size(), format::told_limit));
        recipients = recipients.subspan(some.size());
        const std::string value = format::encode_told(some);
        std::string bytes = format::encode_journal_record({format::JournalType::Told,
                                                           format::final_capacity(value.size()),
                                                           state_.sequence + 1, value});
        bytes.resize(format::journal_header_size + format::final_capacity(value.size()), '\0');
        if (const Errno error = disk_.pwrite(file_.number(), bytes, state_.end))
            return base::system_error("write journal", error);
        state_.end += bytes.size();
        ++state_.sequence;
        for (const std::uint32_t recipient : some)
            if (recipient < state_.recipients.size())
                state_.recipients[recipient].told = true;
    }
    return {};
}

base::Result<void> Journal::sync()
{
    if (const Errno error = disk_.sync(file_.number()))
        return base::system_error("fsync journal", error);
    return {};
}

} // namespace queue
