// SPDX-License-Identifier: Apache-2.0
// What the queue manager understands: news from cleanup, and the commands of postqueue and
// postsuper. Socket public/qmgr takes `arrived`, `wake`, `flush*`, `search*` and `explain*` from
// anybody that may open it; changes of messages are permitted only to root and mail_owner.
#pragma once

#include <string>
#include <vector>

#include "lib/ipc/mail_types.h"
#include "lib/ipc/protocol.h"

namespace ipc::qmgr {

// A complete message is in incoming/. News only: a queue manager that missed it finds the file.
struct Arrived {
    std::string queue_id;
    using Response = None;
    static constexpr std::string_view name = "arrived";
    static constexpr auto fields = std::tuple{field("queue_id", &Arrived::queue_id)};
};

struct Count {
    std::uint64_t messages = 0;
    static constexpr auto fields = std::tuple{field("messages", &Count::messages)};
};

struct Wake { // postkick: look for mail that is due, and at incoming.
    using Response = Count;
    static constexpr std::string_view name = "wake";
    static constexpr std::tuple<> fields{};
};
struct FlushAll { // postqueue -f: try everything that is deferred now.
    using Response = Count;
    static constexpr std::string_view name = "flush_all";
    static constexpr std::tuple<> fields{};
};
struct FlushMessage { // postqueue -i
    std::string queue_id;
    using Response = Count;
    static constexpr std::string_view name = "flush_message";
    static constexpr auto fields = std::tuple{field("queue_id", &FlushMessage::queue_id)};
};
struct FlushSite { // postqueue -s, ETRN: what waits for this domain.
    std::string site;
    using Response = Count;
    static constexpr std::string_view name = "flush_site";
    static constexpr auto fields = std::tuple{field("site", &FlushSite::site)};
};

enum class Change : std::uint8_t { Delete, Hold, Release, Requeue, Expire, ExpireRelease };

struct Changed {
    bool found = false;
    static constexpr auto fields = std::tuple{field("found", &Changed::found)};
};
struct ChangeMessage { // postsuper -d -h -H -r -e -f, one message.
    std::string queue_id;
    Change change = Change::Hold;
    using Response = Changed;
    static constexpr std::string_view name = "change_message";
    static constexpr auto fields = std::tuple{field("queue_id", &ChangeMessage::queue_id),
                                              field("change", &ChangeMessage::change)};
};

// Which messages are meant: the terms of lib/search/filter.h by name.
struct FilterTerm {
    std::string name;
    std::string value;
    static constexpr auto fields =
        std::tuple{field("name", &FilterTerm::name), field("value", &FilterTerm::value)};
};

enum class Wanted : std::uint8_t { Ids, Entries, Count, Groups };

struct FoundRecipient {
    std::string address;
    std::string destination;
    std::string reason;
    mail::Failure failure{};
    static constexpr auto fields = std::tuple{field("address", &FoundRecipient::address),
                                              field("destination", &FoundRecipient::destination),
                                              field("reason", &FoundRecipient::reason),
                                              field("failure", &FoundRecipient::failure)};
};
struct FoundMessage {
    std::string queue_id;
    std::string queue;
    base::WallTime arrival{};
    base::WallTime next_attempt{}; // Of deferred messages.
    std::uint64_t size = 0;
    bool expired = false;
    std::string sender;
    std::uint32_t recipient_count = 0; // That wait; of many, only the first are listed.
    std::vector<FoundRecipient> recipients;
    static constexpr auto fields =
        std::tuple{field("queue_id", &FoundMessage::queue_id),
                   field("queue", &FoundMessage::queue),
                   field("arrival", &FoundMessage::arrival),
                   field("next_attempt", &FoundMessage::next_attempt),
                   field("size", &FoundMessage::size),
                   field("expired", &FoundMessage::expired),
                   field("sender", &FoundMessage::sender),
                   field("recipient_count", &FoundMessage::recipient_count),
                   field("recipients", &FoundMessage::recipients)};
};
struct FoundGroup {
    std::string name;
    std::uint64_t messages = 0;
    std::uint64_t recipients = 0;
    std::uint64_t bytes = 0;
    base::WallTime oldest{};
    static constexpr auto fields =
        std::tuple{field("name", &FoundGroup::name), field("messages", &FoundGroup::messages),
                   field("recipients", &FoundGroup::recipients), field("bytes", &FoundGroup::bytes),
                   field("oldest", &FoundGroup::oldest)};
};
// One page. Groups and counts are of this page alone: the caller adds them up.
struct Found {
    bool complete = false; // Nothing more comes.
    std::uint64_t messages = 0;
    std::uint64_t recipients = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> ids;
    std::vector<FoundMessage> entries;
    std::vector<FoundGroup> groups;
    static constexpr auto fields = std::tuple{field("complete", &Found::complete),
                                              field("messages", &Found::messages),
                                              field("recipients", &Found::recipients),
                                              field("bytes", &Found::bytes),
                                              field("ids", &Found::ids),
                                              field("entries", &Found::entries),
                                              field("groups", &Found::groups)};
};
// Begins a search; one per connection, a new one ends the former.
struct Search {
    std::vector<FilterTerm> terms;
    Wanted wanted = Wanted::Ids;
    std::string group_by;
    using Response = Found;
    static constexpr std::string_view name = "search";
    static constexpr auto fields =
        std::tuple{field("terms", &Search::terms), field("wanted", &Search::wanted),
                   field("group_by", &Search::group_by)};
};
struct SearchMore { // The next page.
    using Response = Found;
    static constexpr std::string_view name = "search_more";
    static constexpr std::tuple<> fields{};
};
struct FlushMatching { // postqueue -f with a filter; the count is 1 when it has begun.
    std::vector<FilterTerm> terms;
    using Response = Count;
    static constexpr std::string_view name = "flush_matching";
    static constexpr auto fields = std::tuple{field("terms", &FlushMatching::terms)};
};

// What the scheduler knows of where a recipient's mail goes.
struct DestinationState {
    std::string transport;
    std::string next_hop;
    std::string summary; // One line for a person; empty when nothing is known.
    bool dead = false;
    base::WallTime dead_since{};
    base::WallTime dead_until{};
    std::string reason; // Of the last failure.
    std::uint32_t in_delivery = 0;
    std::uint32_t concurrency = 0; // Deliveries that may run side by side now.
    std::uint64_t waiting = 0;     // Recipients in memory.
    base::Duration rate_delay{};
    static constexpr auto fields = std::tuple{field("transport", &DestinationState::transport),
                                              field("next_hop", &DestinationState::next_hop),
                                              field("summary", &DestinationState::summary),
                                              field("dead", &DestinationState::dead),
                                              field("dead_since", &DestinationState::dead_since),
                                              field("dead_until", &DestinationState::dead_until),
                                              field("reason", &DestinationState::reason),
                                              field("in_delivery", &DestinationState::in_delivery),
                                              field("concurrency", &DestinationState::concurrency),
                                              field("waiting", &DestinationState::waiting),
                                              field("rate_delay", &DestinationState::rate_delay)};
};
struct PastAttempt {
    std::uint32_t number = 0; // 1 is the first; not all of many are kept.
    mail::Outcome outcome;
    static constexpr auto fields =
        std::tuple{field("number", &PastAttempt::number), field("outcome", &PastAttempt::outcome)};
};
struct ExplainedRecipient {
    mail::Recipient recipient;
    mail::Status status = mail::Status::Queued;
    std::uint32_t attempts = 0;
    std::vector<PastAttempt> history;
    DestinationState destination;
    static constexpr auto fields =
        std::tuple{field("recipient", &ExplainedRecipient::recipient),
                   field("status", &ExplainedRecipient::status),
                   field("attempts", &ExplainedRecipient::attempts),
                   field("history", &ExplainedRecipient::history),
                   field("destination", &ExplainedRecipient::destination)};
};
struct Explanation {
    bool found = false;
    std::string queue;
    base::WallTime arrival{};
    base::WallTime next_attempt{}; // 0: not known, or not by time.
    base::WallTime expires{};
    std::uint64_t size = 0;
    bool expired = false;
    std::string sender;
    std::string hold_reason;
    std::uint32_t recipient_count = 0; // Of the message; those that are done included.
    std::uint32_t waiting = 0;
    std::vector<ExplainedRecipient> recipients; // The first that wait.
    static constexpr auto fields =
        std::tuple{field("found", &Explanation::found),
                   field("queue", &Explanation::queue),
                   field("arrival", &Explanation::arrival),
                   field("next_attempt", &Explanation::next_attempt),
                   field("expires", &Explanation::expires),
                   field("size", &Explanation::size),
                   field("expired", &Explanation::expired),
                   field("sender", &Explanation::sender),
                   field("hold_reason", &Explanation::hold_reason),
                   field("recipient_count", &Explanation::recipient_count),
                   field("waiting", &Explanation::waiting),
                   field("recipients", &Explanation::recipients)};
};
struct Explain { // Why a message waits.
    std::string queue_id;
    using Response = Explanation;
    static constexpr std::string_view name = "explain";
    static constexpr auto fields = std::tuple{field("queue_id", &Explain::queue_id)};
};
struct ExplainAddress { // What is known of where mail for it goes.
    std::string address;
    using Response = DestinationState;
    static constexpr std::string_view name = "explain_address";
    static constexpr auto fields = std::tuple{field("address", &ExplainAddress::address)};
};

struct Protocol : Requests<Arrived, Wake, FlushAll, FlushMessage, FlushSite, ChangeMessage, Search,
                           SearchMore, FlushMatching, Explain, ExplainAddress> {
    static constexpr std::string_view name = "qmgr";
    static constexpr unsigned version = 2;
};

} // namespace ipc::qmgr

template <>
inline constexpr auto ipc::last_of<ipc::qmgr::Change> = ipc::qmgr::Change::ExpireRelease;
template <> inline constexpr auto ipc::last_of<ipc::qmgr::Wanted> = ipc::qmgr::Wanted::Groups;
