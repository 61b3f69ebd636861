// SPDX-License-Identifier: Apache-2.0
// The index from the files; see index_rebuild.h.
#include "lib/queue/index_rebuild.h"

#include "lib/base/strings.h"

namespace queue {

namespace {

void add_recipient(IndexEntry& entry, const mail::Recipient& recipient, const RecipientState& state)
{
    if (state.done())
        return;
    ++entry.recipient_count;
    if (entry.recipients.size() == index_recipient_limit)
        return;
    IndexedRecipient& added = entry.recipients.emplace_back();
    added.address = recipient.address;
    added.destination = domain_of(recipient.address);
    if (state.history.empty())
        return;
    added.reason = state.history.back().outcome.text;
    added.failure = state.history.back().outcome.failure;
}

// How many recipients of a message are in memory at once.
constexpr std::size_t batch_size = 1000;

} // namespace

base::Result<IndexEntry> index_entry(MessageReader& reader, Queue queue,
                                     base::WallTime next_attempt)
{
    auto journal = reader.journal(JournalDetail::Latest);
    if (!journal)
        return journal.error();
    const Message& message = reader.message();
    IndexEntry entry;
    entry.id = message.id;
    entry.queue = queue;
    entry.next_attempt = next_attempt;
    entry.arrival = message.envelope.arrival;
    entry.size = reader.layout().content.size;
    entry.expired = journal->note(NoteKind::Expired) != 0;
    entry.sender = message.envelope.sender;
    std::size_t index = 0;
    while (true) {
        auto batch = reader.next_recipients(batch_size);
        if (!batch)
            return batch.error();
        if (batch->empty())
            return entry;
        for (const mail::Recipient& recipient : *batch)
            add_recipient(entry, recipient, journal->recipients[index++]);
    }
}

IndexRebuild::IndexRebuild(Index& index, Directories& directories)
    : index_(index), directories_(directories), scan_(directories.scan(Queue::Deferred))
{
}

base::Result<bool> IndexRebuild::step(std::size_t files)
{
    std::vector<IndexEntry> entries;
    base::Result<void> trouble; // What was read before it goes in all the same.
    bool done = false;
    for (std::size_t i = 0; i < files && !done && trouble; ++i) {
        auto id = scan_.next();
        if (!id) {
            trouble = id.error();
        } else if (*id) {
            trouble = add(queue_, **id, entries);
        } else if (queue_ == Queue::Deferred) {
            queue_ = Queue::Hold;
            scan_ = directories_.scan(Queue::Hold);
        } else
            done = true;
    }
    if (auto written = index_.put(entries); !written)
        return written.error();
    indexed_ += entries.size();
    if (!trouble)
        return trouble.error();
    if (done)
        index_.set_complete();
    return done;
}

base::Result<void> IndexRebuild::add(Queue queue, std::string_view id,
                                     std::vector<IndexEntry>& entries)
{
    const std::string path = directories_.path(queue, id);
    FileStatus status;
    if (directories_.disk().status(path, status) != 0)
        return {}; // It left the queue since its name was read.
    auto reader = MessageReader::open(directories_.disk(), path, MessageReader::Check::Envelope);
    auto entry = reader ? index_entry(*reader, queue, status.modified)
                        : base::Result<IndexEntry>(reader.error());
    if (entry) {
        entries.push_back(std::move(entry).value());
        return {};
    }
    if (entry.error().temporary())
        return entry.error();
    ++corrupt_;
    auto moved = directories_.quarantine(queue, id);
    return moved || !moved.error().temporary() ? base::Result<void>{} : moved;
}

} // namespace queue
