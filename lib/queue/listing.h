// SPDX-License-Identifier: Apache-2.0
// Listing: what waits in the queue directories, message by message, for showq and for commands that
// work without it. It reads the files themselves, so it shows what is true on disk; messages that
// move meanwhile may be missed or be seen twice. Memory: one message at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/queue/directories.h"
#include "lib/queue/reader.h"

namespace queue {

// A recipient that is not done yet.
struct ListedRecipient {
    std::string address;
    std::string reason;      // Of the latest attempt; empty when there was none.
    mail::Failure failure{}; // Of which class that is.

    bool operator==(const ListedRecipient&) const = default;
};

struct ListedMessage {
    Queue queue = Queue::Incoming;
    mail::QueueId id;
    base::WallTime arrival{};
    std::uint64_t size = 0; // Of the content.
    bool forced_expire = false;
    std::string sender; // As it is shown: quoted, printable, MAILER-DAEMON for the null sender.
    std::vector<ListedRecipient> recipients; // The same.

    bool operator==(const ListedMessage&) const = default;
};

// Foreign text and addresses (quoted, "" as MAILER-DAEMON) as listings show them.
std::string shown_text(std::string_view text);
std::string shown_address(std::string_view address);

// What a listing shows of one open message. `queue` is where it lies.
base::Result<ListedMessage> list_message(MessageReader& reader, Queue queue);

class Listing {
public:
    // `directories` outlives the listing.
    explicit Listing(const Directories& directories);

    // The next message; nothing at the end. An error tells of one file or directory that could not
    // be read; go on by calling again. Files that are gone meanwhile are passed over.
    base::Result<std::optional<ListedMessage>> next();

private:
    const Directories& directories_;
    std::size_t position_ = 0; // In the order of queues.
    Directories::Scan scan_;
};

} // namespace queue
