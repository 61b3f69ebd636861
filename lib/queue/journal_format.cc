// SPDX-License-Identifier: Apache-2.0
// Journal records and their replay; see journal_format.h.
#include "lib/queue/journal_format.h"

#include <algorithm>

#include "lib/base/crc32c.h"
#include "lib/base/strings.h"
#include "lib/queue/bytes.h"

namespace queue::format {

namespace {

constexpr std::uint16_t record_mark = 0x6a51;
constexpr std::uint16_t optional_bit = 0x8000;
constexpr std::size_t read_size = 64 * 1024;
static_assert(read_size > journal_header_size + journal_capacity_limit);

// Sizes of room for attempts that may be overwritten. Few, so that most fit where another was.
constexpr std::uint32_t room_sizes[] = {256, 512, 1024, 2048, 4608};

struct Head {
    std::uint16_t type = 0;
    std::uint32_t capacity = 0;

    std::size_t size() const { return journal_header_size + capacity; }
};

// The part that an overwrite leaves as it is, with a checksum of its own: a torn overwrite costs
// one record, not all that follow.
bool decode_head(std::string_view bytes, Head& head)
{
    if (bytes.size() < journal_header_size ||
        base::crc32c(bytes.substr(4, 8)) != load<std::uint32_t>(bytes.data()) ||
        load<std::uint16_t>(bytes.data() + 4) != record_mark)
        return false;
    head.type = load<std::uint16_t>(bytes.data() + 6);
    head.capacity = load<std::uint32_t>(bytes.data() + 8);
    return head.capacity <= journal_capacity_limit;
}

struct Body {
    std::uint32_t sequence = 0;
    std::string_view value;
};

bool decode_body(std::string_view record, Body& body)
{
    const auto length = load<std::uint32_t>(record.data() + 20);
    if (length > record.size() - journal_header_size ||
        base::crc32c(record.substr(16, 8 + length)) != load<std::uint32_t>(record.data() + 12))
        return false;
    body.sequence = load<std::uint32_t>(record.data() + 16);
    body.value = record.substr(journal_header_size, length);
    return true;
}

constexpr std::uint8_t hard_bit = 0x80;
constexpr std::uint8_t relayed_bit = 0x01;

std::uint8_t failure_byte(mail::Failure failure)
{
    return static_cast<std::uint8_t>(static_cast<unsigned>(failure.kind) |
                                     (failure.hard ? hard_bit : 0u));
}

// A class of a later version is one that we do not know.
mail::Failure failure_of(std::uint8_t byte)
{
    const unsigned kind = byte & ~unsigned{hard_bit};
    const bool known = kind < mail::failure_class_count;
    return {known ? static_cast<mail::FailureClass>(kind) : mail::FailureClass::Unknown,
            (byte & hard_bit) != 0};
}

bool decode_attempt(std::string_view value, std::uint32_t& recipient, Attempt& attempt)
{
    Taker from{value};
    recipient = from.number<std::uint32_t>();
    attempt.number = from.number<std::uint32_t>();
    mail::Outcome& outcome = attempt.outcome;
    outcome.status = static_cast<mail::Status>(
        from.number_up_to(static_cast<std::uint8_t>(mail::Status::Expanded)));
    outcome.when = base::from_unix_microseconds(from.number<std::int64_t>());
    outcome.dsn = from.text();
    outcome.text = from.text();
    outcome.relay = from.text();
    outcome.mta = from.text();
    outcome.reply = from.text();
    if (from.ok() && !from.at_end()) // Minor version 0 ends here,
        outcome.failure = failure_of(from.number<std::uint8_t>());
    if (from.ok() && from.at_end()) // version 1 here; later ones may add more.
        outcome.relayed = outcome.status == mail::Status::Sent && !outcome.mta.empty();
    else
        outcome.relayed = (from.number<std::uint8_t>() & relayed_bit) != 0;
    return from.ok() && attempt.number > 0;
}

void put_cut(std::string& to, std::string_view text, std::size_t limit)
{
    put_text(to, text.substr(0, limit));
}

// Takes the records of one journal, in the order in which they lie.
class Replay {
public:
    Replay(const JournalSource& source, JournalDetail detail)
        : detail_(detail), latest_(source.recipient_count), note_sequences_{}
    {
        state_.recipients.resize(source.recipient_count);
        state_.attempt_slots.resize(source.recipient_count);
        state_.end = source.offset;
    }

    // Takes the records at the front of `bytes`. What stays is not whole, or no record.
    std::size_t records(std::string_view bytes)
    {
        std::size_t at = 0;
        Head head;
        while (decode_head(bytes.substr(at), head) && head.size() <= bytes.size() - at) {
            one(head, bytes.substr(at, head.size()));
            at += head.size();
            state_.end += head.size();
        }
        return at;
    }

    JournalState& state() { return state_; }
    std::uint16_t unknown_type() const { return unknown_type_; }

private:
    void one(const Head& head, std::string_view record)
    {
        Body body;
        if (!decode_body(record, body)) {
            state_.damaged = true;
            return;
        }
        state_.sequence = std::max(state_.sequence, body.sequence);
        const JournalSlot slot{state_.end, head.capacity, body.sequence, 0};
        bool good = true;
        if (head.type == static_cast<std::uint16_t>(JournalType::Attempt))
            good = attempt(slot, body);
        else if (head.type == static_cast<std::uint16_t>(JournalType::Note))
            good = note(slot, body);
        else if (head.type == static_cast<std::uint16_t>(JournalType::Told))
            good = told(body);
        else if (!(head.type & optional_bit))
            unknown_type_ = head.type;
        state_.damaged = state_.damaged || !good;
    }

    bool attempt(JournalSlot slot, const Body& body)
    {
        std::uint32_t index = 0;
        Attempt attempt;
        if (!decode_attempt(body.value, index, attempt) || index >= state_.recipients.size())
            return false;
        RecipientState& recipient = state_.recipients[index];
        recipient.attempts = std::max(recipient.attempts, attempt.number);
        if (body.sequence >= latest_[index] && !recipient.done())
            recipient.status = attempt.outcome.status;
        if (attempt.outcome.final())
            recipient.status = attempt.outcome.status;
        latest_[index] = std::max(latest_[index], body.sequence);
        slot.attempt = attempt.number;
        if (!attempt.outcome.final())
            state_.attempt_slots[index].push_back(slot);
        keep_attempt(recipient, std::move(attempt), detail_);
        return true;
    }

    bool told(const Body& body)
    {
        Taker from{body.value};
        for (std::size_t left = body.value.size() / sizeof(std::uint32_t); left > 0; --left) {
            const auto index = from.number<std::uint32_t>();
            if (index >= state_.recipients.size())
                return false;
            state_.recipients[index].told = true;
        }
        return from.at_end();
    }

    bool note(const JournalSlot& slot, const Body& body)
    {
        Taker from{body.value};
        const std::size_t kind = from.number<std::uint8_t>();
        const auto value = from.number<std::int64_t>();
        if (!from.at_end() || kind >= note_kinds)
            return false;
        state_.note_slots[kind].push_back(slot);
        if (body.sequence >= note_sequences_[kind]) {
            note_sequences_[kind] = body.sequence;
            state_.notes[kind] = value;
        }
        return true;
    }

    JournalDetail detail_;
    JournalState state_;
    std::vector<std::uint32_t> latest_; // Sequence of each recipient's last attempt.
    std::array<std::uint32_t, note_kinds> note_sequences_;
    std::uint16_t unknown_type_ = 0;
};

} // namespace

std::string encode_journal_record(const JournalRecord& record)
{
    std::string out;
    out.reserve(journal_header_size + record.capacity);
    put<std::uint32_t>(out, 0);
    put(out, record_mark);
    put(out, static_cast<std::uint16_t>(record.type));
    put(out, record.capacity);
    put<std::uint32_t>(out, 0);
    put(out, record.sequence);
    put(out, static_cast<std::uint32_t>(record.value.size()));
    out += record.value;
    const std::string_view all = out;
    store(&out[0], base::crc32c(all.substr(4, 8)));
    store(&out[12], base::crc32c(all.substr(16)));
    return out;
}

std::string encode_attempt(std::uint32_t recipient, std::uint32_t number,
                           const mail::Outcome& outcome)
{
    constexpr std::size_t dsn_limit = 16;
    std::string value;
    put(value, recipient);
    put(value, number);
    put(value, static_cast<std::uint8_t>(outcome.status));
    put<std::int64_t>(value, base::unix_microseconds(outcome.when));
    put_cut(value, outcome.dsn, dsn_limit);
    put_cut(value, outcome.text, outcome_text_limit);
    put_cut(value, outcome.relay, outcome_host_limit);
    put_cut(value, outcome.mta, outcome_host_limit);
    put_cut(value, outcome.reply, outcome_reply_limit);
    put(value, failure_byte(outcome.failure));
    put(value, static_cast<std::uint8_t>(outcome.relayed ? relayed_bit : 0u));
    return value;
}

std::string encode_note(NoteKind kind, std::int64_t value)
{
    std::string out;
    put(out, static_cast<std::uint8_t>(kind));
    put(out, value);
    return out;
}

std::string encode_told(std::span<const std::uint32_t> recipients)
{
    std::string out;
    for (const std::uint32_t recipient : recipients)
        put(out, recipient);
    return out;
}

std::uint32_t attempt_capacity(std::size_t size)
{
    const auto* fits = std::lower_bound(std::begin(room_sizes), std::end(room_sizes), size);
    return fits == std::end(room_sizes) ? final_capacity(size) : *fits;
}

std::uint32_t final_capacity(std::size_t size)
{
    return static_cast<std::uint32_t>((size + 7) / 8 * 8);
}

void keep_attempt(RecipientState& state, Attempt attempt, JournalDetail detail)
{
    std::vector<Attempt>& history = state.history;
    if (detail == JournalDetail::States)
        return;
    const auto before = [](const Attempt& a, std::uint32_t number) { return a.number < number; };
    auto place = std::lower_bound(history.begin(), history.end(), attempt.number, before);
    if (place != history.end() && place->number == attempt.number)
        *place = std::move(attempt);
    else
        history.insert(place, std::move(attempt));
    if (detail == JournalDetail::Latest && history.size() > 1)
        history.erase(history.begin());
    // The first one stays, because it tells since when a recipient has failed.
    if (history.size() > attempts_kept)
        history.erase(history.begin() + 1);
}

base::Result<JournalState> replay_journal(const JournalSource& source, JournalDetail detail)
{
    Replay replay{source, detail};
    std::string buffer;
    while (replay.state().end < source.file_size) {
        const std::uint64_t left = source.file_size - replay.state().end;
        buffer.resize(std::min<std::uint64_t>(left, read_size));
        std::size_t got = 0;
        if (const Errno error = source.disk.pread(source.file, buffer, replay.state().end, got))
            return base::system_error("read journal", error);
        if (replay.records(std::string_view(buffer).substr(0, got)) == 0) {
            replay.state().damaged = true;
            break;
        }
    }
    if (replay.unknown_type() != 0)
        return base::permanent(
            base::cat("queue file has a journal record of unknown type ", replay.unknown_type()));
    return std::move(replay.state());
}

} // namespace queue::format
