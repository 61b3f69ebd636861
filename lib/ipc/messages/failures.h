// SPDX-License-Identifier: Apache-2.0
// What the failures service understands: the queue manager's news of failures and of successes that
// end a row of them, questions of those who would send to an address or accept it, and the
// commands of postfix(1) bounces.
#pragma once

#include <string>
#include <vector>

#include "lib/ipc/mail_types.h"
#include "lib/ipc/protocol.h"

namespace ipc::failures {

inline constexpr std::size_t reply_limit = 250; // Bytes of a reply that are told.

// One attempt. Of those who were delivered to only address and time count.
struct Event {
    std::string address;
    std::string queue_id;
    mail::Failure failure; // None: delivered.
    bool returned = false; // Else deferred.
    bool remote = false;   // Another host said so, or its DNS: not a delivery on this one.
    base::WallTime when{};
    std::string dsn;
    std::string reply; // The first bytes of what the other side, or we, said.
    static constexpr auto fields =
        std::tuple{field("address", &Event::address), field("queue_id", &Event::queue_id),
                   field("failure", &Event::failure), field("returned", &Event::returned),
                   field("remote", &Event::remote),   field("when", &Event::when),
                   field("dsn", &Event::dsn),         field("reply", &Event::reply)};
    bool operator==(const Event&) const = default;
};
struct Noted {
    std::uint64_t events = 0;
    static constexpr auto fields = std::tuple{field("events", &Noted::events)};
};
struct Note {
    std::vector<Event> events;
    using Response = Noted;
    static constexpr std::string_view name = "note";
    static constexpr auto fields = std::tuple{field("events", &Note::events)};
};

// What is known of an address, or of a domain ("@domain").
struct Entry {
    std::string subject;
    base::WallTime first{};
    base::WallTime last{};
    std::uint64_t returned = 0;    // Failures that went back to their senders.
    std::uint64_t deferred = 0;    // Attempts that are to be repeated.
    std::uint64_t soft_in_row = 0; // Messages with a soft failure since the last success.
    bool hard = false;             // There was a hard failure.
    bool counts_as_hard = false;   // That, or so many soft ones that it makes no difference.
    bool remote = false;           // Of the latest failure.
    bool suppressed = false;       // With suppression on: nothing is sent there.
    std::string counted_id;        // The message that was counted last.
    std::vector<Event> latest;     // Ascending.
    static constexpr auto fields = std::tuple{field("subject", &Entry::subject),
                                              field("first", &Entry::first),
                                              field("last", &Entry::last),
                                              field("returned", &Entry::returned),
                                              field("deferred", &Entry::deferred),
                                              field("soft_in_row", &Entry::soft_in_row),
                                              field("hard", &Entry::hard),
                                              field("counts_as_hard", &Entry::counts_as_hard),
                                              field("remote", &Entry::remote),
                                              field("suppressed", &Entry::suppressed),
                                              field("counted_id", &Entry::counted_id),
                                              field("latest", &Entry::latest)};
    bool operator==(const Entry&) const = default;
};

struct Verdict {
    bool suppressed = false;
    std::string text; // Why, for a reply or a notice.
    static constexpr auto fields =
        std::tuple{field("suppressed", &Verdict::suppressed), field("text", &Verdict::text)};
};
struct Ask { // Is mail to this address suppressed?
    std::string address;
    using Response = Verdict;
    static constexpr std::string_view name = "ask";
    static constexpr auto fields = std::tuple{field("address", &Ask::address)};
};

struct Entries {
    std::vector<Entry> entries;
    bool more = false;
    static constexpr auto fields =
        std::tuple{field("entries", &Entries::entries), field("more", &Entries::more)};
};
struct List {           // In the order of subjects.
    std::string after;  // Go on behind this one.
    std::string domain; // Only this domain and its addresses; empty: all.
    using Response = Entries;
    static constexpr std::string_view name = "list";
    static constexpr auto fields =
        std::tuple{field("after", &List::after), field("domain", &List::domain)};
};

struct Known {
    std::vector<std::uint64_t> subjects; // Their numbers, see subject_number().
    std::string next;                    // Ask again with this; empty: that was all.
    static constexpr auto fields =
        std::tuple{field("subjects", &Known::subjects), field("next", &Known::next)};
};
struct Recall { // Of whom there is an entry, for the queue manager's memory.
    std::string after;
    using Response = Known;
    static constexpr std::string_view name = "recall";
    static constexpr auto fields = std::tuple{field("after", &Recall::after)};
};

struct Cleared {
    std::uint64_t entries = 0;
    static constexpr auto fields = std::tuple{field("entries", &Cleared::entries)};
};
struct Clear {
    std::string subject; // An address, or "@domain" alone; empty: everything.
    bool whole_domain = false;
    using Response = Cleared;
    static constexpr std::string_view name = "clear";
    static constexpr auto fields =
        std::tuple{field("subject", &Clear::subject), field("whole_domain", &Clear::whole_domain)};
};

struct Protocol : Requests<Note, Ask, List, Recall, Clear> {
    static constexpr std::string_view name = "failures";
    static constexpr unsigned version = 1;
};

inline constexpr std::string_view socket_path = "private/failures";

// How the reason begins why a recipient at a suppressed address waits.
inline constexpr std::string_view held_text = "held: ";

// Longer addresses are known by their first bytes.
inline constexpr std::size_t subject_limit = 400;

// Lower case, cut; the domain of an address with its "@", or nothing.
inline std::string subject_of(std::string_view address)
{
    return base::lower(address.substr(0, subject_limit));
}
inline std::string domain_subject_of(std::string_view address)
{
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string() : subject_of(address.substr(at));
}

// FNV-1a: the same in every process.
inline std::uint64_t subject_number(std::string_view subject)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : subject)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

} // namespace ipc::failures
