// SPDX-License-Identifier: Apache-2.0
// Pages of an answer; see inquiry.h.
#include "lib/search/inquiry.h"

#include "lib/base/log.h"

namespace search {

using ipc::qmgr::Found;
using ipc::qmgr::Wanted;
using queue::IndexEntry;

namespace {

constexpr std::size_t ids_per_page = 5000;
constexpr std::size_t groups_per_page = 5000;
constexpr std::size_t bytes_per_page = 256 * 1024; // Of entries, about.
constexpr std::size_t bytes_per_entry = 200;
constexpr std::size_t bytes_per_recipient = 60;

std::size_t weight(const ipc::qmgr::FoundMessage& message)
{
    std::size_t bytes = bytes_per_entry + message.sender.size();
    for (const auto& recipient : message.recipients)
        bytes += bytes_per_recipient + recipient.address.size() + recipient.reason.size();
    return bytes;
}

ipc::qmgr::FoundMessage wire(const IndexEntry& entry)
{
    ipc::qmgr::FoundMessage message;
    message.queue_id = entry.id;
    message.queue = queue::queue_name(entry.queue);
    message.arrival = entry.arrival;
    if (entry.queue == queue::Queue::Deferred)
        message.next_attempt = entry.next_attempt;
    message.size = entry.size;
    message.expired = entry.expired;
    message.sender = entry.sender;
    message.recipient_count = entry.recipient_count;
    for (const auto& recipient : entry.recipients)
        message.recipients.push_back(
            {recipient.address, recipient.destination, recipient.reason, recipient.failure});
    return message;
}

} // namespace

struct Inquiry::Page {
    Found found;
    Groups groups;
    std::size_t bytes = 0;
};

base::Result<Filter> filter_of(const std::vector<ipc::qmgr::FilterTerm>& terms, base::WallTime now)
{
    std::vector<Term> made;
    for (const auto& term : terms) {
        auto kind = term_of_name(term.name);
        if (!kind)
            return base::permanent("unknown term of a filter");
        made.push_back({*kind, term.value});
    }
    return Filter::make(made, now);
}

std::vector<ipc::qmgr::FilterTerm> wire_terms(std::span<const Term> terms)
{
    std::vector<ipc::qmgr::FilterTerm> made;
    for (const Term& term : terms)
        made.push_back({std::string(term_name(term.kind)), term.value});
    return made;
}

base::Result<std::unique_ptr<Inquiry>> Inquiry::begin(const ipc::qmgr::Search& question,
                                                      const queue::Directories& directories,
                                                      base::WallTime now)
{
    auto filter = filter_of(question.terms, now);
    if (!filter)
        return filter.error();
    if (question.wanted == Wanted::Groups && !group_of_name(question.group_by))
        return base::permanent("unknown kind of group");
    return std::make_unique<Inquiry>(std::move(*filter), directories, question);
}

Inquiry::Inquiry(Filter filter, const queue::Directories& directories,
                 const ipc::qmgr::Search& question)
    : filter_(std::move(filter)), wanted_(question.wanted),
      by_(group_of_name(question.group_by).value_or(GroupBy::Destination)),
      finder_(directories, filter_)
{
}

// False when the page is full.
bool Inquiry::take(Page& page, const IndexEntry& entry) const
{
    ++page.found.messages;
    page.found.recipients += entry.recipient_count;
    page.found.bytes += entry.size;
    switch (wanted_) {
    case Wanted::Count: return true;
    case Wanted::Ids:
        page.found.ids.push_back(entry.id);
        return page.found.ids.size() < ids_per_page;
    case Wanted::Entries:
        page.found.entries.push_back(wire(entry));
        page.bytes += weight(page.found.entries.back());
        return page.bytes < bytes_per_page;
    case Wanted::Groups:
        page.groups.add(entry, filter_, by_);
        return page.groups.size() < groups_per_page;
    }
    return true;
}

base::Result<Found> Inquiry::page(const queue::Index* index, const base::Clock& clock,
                                  base::Duration patience)
{
    Page page;
    const base::Deadline end = clock.after(patience);
    const std::function<bool()> enough = [&] { return end.passed(clock.mono()); };
    const std::function<bool(const IndexEntry&)> one = [&](const IndexEntry& entry) {
        return take(page, entry);
    };
    while (true) {
        auto over = finder_.run(index, one, enough);
        if (!over && over.error().temporary())
            return over.error();
        if (!over)
            base::Log{}.warning(over.error().text);
        else
            page.found.complete = *over;
        if (over || enough())
            break;
    }
    for (const auto& [name, group] : page.groups.all())
        page.found.groups.push_back(
            {name, group.messages, group.recipients, group.bytes, group.oldest});
    return std::move(page.found);
}

} // namespace search
