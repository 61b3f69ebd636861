// SPDX-License-Identifier: Apache-2.0
// Explanations from queue files; see explain.h.
#include "lib/search/explain.h"

#include "lib/queue/directories.h"

namespace search {

using ipc::qmgr::ExplainedRecipient;
using ipc::qmgr::Explanation;
using queue::Queue;

namespace {

constexpr std::size_t recipients_at_once = 1000;

ExplainedRecipient explained(const mail::Recipient& recipient, const queue::RecipientState& state)
{
    ExplainedRecipient made;
    made.recipient = recipient;
    made.status = state.status;
    made.attempts = state.attempts;
    for (const auto& attempt : state.history)
        made.history.push_back({attempt.number, attempt.outcome});
    return made;
}

} // namespace

base::Result<Explanation> explain(queue::MessageReader& reader, Queue queue,
                                  base::WallTime modified)
{
    auto journal = reader.journal(queue::JournalDetail::All);
    if (!journal)
        return journal.error();
    const auto& message = reader.message();
    Explanation made;
    made.found = true;
    made.queue = queue::queue_name(queue);
    made.arrival = message.envelope.arrival;
    if (queue == Queue::Deferred)
        made.next_attempt = modified;
    made.size = reader.layout().content.size;
    made.expired = journal->note(queue::NoteKind::Expired) != 0;
    made.sender = message.envelope.sender;
    if (queue == Queue::Hold)
        made.hold_reason = message.attribute(queue::attribute::hold);
    made.recipient_count = reader.layout().recipient_count;
    for (std::size_t index = 0; index < made.recipient_count;) {
        auto batch = reader.next_recipients(recipients_at_once);
        if (!batch)
            return batch.error();
        if (batch->empty())
            break;
        for (const auto& recipient : *batch) {
            const auto& state = journal->recipients[index++];
            if (state.done())
                continue;
            ++made.waiting;
            if (made.recipients.size() < explained_recipients)
                made.recipients.push_back(explained(recipient, state));
        }
    }
    return made;
}

base::Result<Explanation> explain(const queue::Directories& directories, const mail::QueueId& id)
{
    const auto queue = directories.find(id);
    queue::FileStatus status;
    if (!queue || *queue == Queue::Corrupt ||
        directories.disk().status(directories.path(*queue, id), status) != 0)
        return Explanation{};
    auto reader = queue::MessageReader::open(directories.disk(), directories.path(*queue, id),
                                             queue::MessageReader::Check::Envelope);
    if (!reader)
        return reader.error();
    return explain(*reader, *queue, status.modified);
}

} // namespace search
