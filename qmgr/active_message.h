// SPDX-License-Identifier: Apache-2.0
// One message while the queue manager works on it: what its file says, and what has become of its
// recipients since.
#pragma once

#include <map>
#include <memory>

#include "lib/queue/journal.h"
#include "lib/queue/reader.h"
#include "qmgr/active_set.h"

namespace qmgr {

struct ActiveRecipient {
    mail::Recipient recipient;
    mail::Outcome outcome; // Of this round; Status::Queued when not attempted.
    std::string next_hop;
    bool journaled = false; // The outcome is in the file.
    bool told = false;      // The notice about it is safe.
    bool onward = false;    // The next host tells of success, if the sender wants that.
    bool set_back = false;  // Deferred without an attempt, because of its destination.
    bool held = false;      // Deferred without an attempt, because its address is suppressed.
};

// What a command wants to happen once nothing of the message is under way.
enum class Wish : std::uint8_t { Normal, Delete, Hold, Requeue };

struct ActiveMessage {
    explicit ActiveMessage(queue::MessageReader opened) : reader(std::move(opened)) {}

    const queue::Message& message() const { return reader.message(); }
    const mail::QueueId& id() const { return reader.message().id; }

    queue::MessageReader reader; // Its descriptor holds the lock on the message.
    queue::JournalState history; // As it was when the message was taken up.
    // By place in the file; without those that are done and written down.
    std::map<std::uint32_t, ActiveRecipient> recipients;
    std::uint32_t read = 0;                  // Recipients read from the file so far.
    std::unique_ptr<queue::Journal> journal; // Opened for the first result that is kept.
    Source source = Source::Incoming;
    bool flush = false;
    base::WallTime activated{};
    base::MonoTime activated_mono{};
    base::MonoTime useful{}; // The earliest moment at which another attempt makes sense.
    Wish wish = Wish::Normal;
    unsigned in_flight = 0; // Requests that agents are working on.
    bool admitted = false;  // The scheduler knows it, and tells when it is completed.
    bool settling = false;  // Its round has ended.
    bool damaged = false;   // Its recipients cannot be read.
    bool warned = false;    // The sender was told of a delay.
    bool verifies = false;  // Nothing is delivered: the sender wants to know what would be.
    bool verified = false;  // And has been told.
    bool reports = false;   // The sender wants a report of this round.
    std::string verp;       // Delimiters (lib/mail/verp.h); empty: one sender for all.
    std::vector<ActiveRecipient> expanded; // Addresses that cleanup replaced, to be told of.
};

} // namespace qmgr
