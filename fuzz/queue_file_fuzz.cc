// SPDX-License-Identifier: Apache-2.0
// A queue file is read without harm whatever stands in it. The input is taken as it is, and again
// with the checksums of superblock and envelope records made right, so that the code behind them is
// reached. What was accepted is written to, as the queue manager does, and must be accepted again.
#include <cstdint>
#include <string>

#include "lib/base/crc32c.h"
#include "lib/queue/bytes.h"
#include "lib/queue/format.h"
#include "lib/queue/journal.h"
#include "lib/queue/reader.h"
#include "tests/unit/queue/string_disk.h"

namespace {

using queue::load;
using queue::store;

constexpr std::size_t superblock = queue::format::superblock_size;
constexpr std::size_t record_header = 12;

void repair(std::string& bytes)
{
    if (bytes.size() < superblock)
        return;
    const std::string_view all = bytes;
    store(&bytes[superblock - 4], base::crc32c(all.substr(0, superblock - 4)));
    auto layout = queue::format::decode_superblock(bytes, bytes.size());
    if (!layout)
        return;
    std::size_t at = layout->envelope_offset;
    const std::size_t end = layout->journal_offset;
    while (at < end && end - at >= record_header) {
        const auto length = load<std::uint32_t>(&bytes[at + 8]);
        if (length > end - at - record_header)
            return;
        store(&bytes[at], base::crc32c(all.substr(at + 4, record_header - 4 + length)));
        at += record_header + length;
    }
}

void write_to(queue::StringDisk& disk, const queue::MessageReader& reader)
{
    auto state = reader.journal(queue::JournalDetail::All);
    if (!state || state->recipients.empty())
        return;
    mail::Outcome outcome;
    outcome.status = mail::Status::Bounced;
    outcome.text = "refused";
    queue::Journal journal{disk, base::Fd{}, *state};
    if (!journal.record(0, outcome) || !journal.note(queue::NoteKind::Held, 1))
        __builtin_trap();
    auto again = reader.journal(queue::JournalDetail::States);
    if (!again || !again->recipients[0].done())
        __builtin_trap();
}

void read(std::string bytes)
{
    queue::StringDisk disk;
    disk.bytes = std::move(bytes);
    auto reader =
        queue::MessageReader::open(disk, base::Fd{}, queue::MessageReader::Check::Envelope);
    if (!reader)
        return;
    auto whole = reader->whole_message();
    if (!whole || whole->recipients.size() != reader->layout().recipient_count)
        __builtin_trap();
    write_to(disk, *reader);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string bytes(reinterpret_cast<const char*>(data), size);
    read(bytes);
    repair(bytes);
    read(std::move(bytes));
    return 0;
}
