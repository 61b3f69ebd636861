// SPDX-License-Identifier: Apache-2.0
// Listing the queue; see listing.h.
#include "lib/queue/listing.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/address.h"

namespace queue {

namespace {

// Postfix's order.
constexpr Queue order[] = {Queue::Maildrop, Queue::Active, Queue::Incoming, Queue::Deferred,
                           Queue::Hold};

constexpr std::size_t recipients_at_once = 1000;

constexpr std::string_view null_address = "MAILER-DAEMON";

// Longer texts are shown by their beginning: no reader of a listing has to expect more.
constexpr std::size_t shown_limit = 8 * 1024;

// What a damaged or forged file says is brought into the range that every reader can print.
constexpr base::WallTime latest_arrival = base::WallTime{std::chrono::seconds{253'402'300'799}};

bool is_gone(const base::Error& error)
{
    return error.text.ends_with("No such file or directory");
}

} // namespace

std::string shown_text(std::string_view text)
{
    return base::printable(text.substr(0, shown_limit), true);
}

std::string shown_address(std::string_view address)
{
    if (address.empty())
        return std::string(null_address);
    return shown_text(mail::quote_address(address));
}

base::Result<ListedMessage> list_message(MessageReader& reader, Queue queue)
{
    auto journal = reader.journal(JournalDetail::Latest);
    if (!journal)
        return journal.error();
    const Message& message = reader.message();
    ListedMessage listed;
    listed.queue = queue;
    listed.id = message.id;
    listed.arrival = std::clamp(message.envelope.arrival, base::WallTime{}, latest_arrival);
    listed.size = reader.layout().content.size;
    listed.forced_expire = journal->note(NoteKind::Expired) != 0;
    listed.sender = shown_address(message.envelope.sender);
    for (std::size_t index = 0; index < reader.layout().recipient_count;) {
        auto batch = reader.next_recipients(recipients_at_once);
        if (!batch)
            return batch.error();
        for (const mail::Recipient& recipient : *batch) {
            const RecipientState& state = journal->recipients[index++];
            if (state.done())
                continue;
            ListedRecipient& shown_one = listed.recipients.emplace_back();
            shown_one.address = shown_address(recipient.address);
            if (state.history.empty())
                continue;
            const mail::Outcome& latest = state.history.back().outcome;
            shown_one.reason = shown_text(latest.text);
            shown_one.failure = latest.failure;
        }
    }
    return listed;
}

Listing::Listing(const Directories& directories)
    : directories_(directories), scan_(directories.scan(order[0]))
{
}

base::Result<std::optional<ListedMessage>> Listing::next()
{
    while (true) {
        auto id = scan_.next();
        if (!id)
            return id.error();
        if (!*id) {
            if (++position_ == std::size(order)) {
                position_ = std::size(order) - 1;
                return std::optional<ListedMessage>{};
            }
            scan_ = directories_.scan(order[position_]);
            continue;
        }
        const Queue queue = order[position_];
        auto reader = MessageReader::open(directories_.disk(), directories_.path(queue, **id),
                                          MessageReader::Check::Envelope);
        if (!reader && is_gone(reader.error()))
            continue;
        if (!reader)
            return reader.error();
        auto listed = list_message(*reader, queue);
        if (!listed)
            return listed.error().in(directories_.path(queue, **id));
        return std::optional{std::move(*listed)};
    }
}

} // namespace queue
