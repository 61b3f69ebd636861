// SPDX-License-Identifier: Apache-2.0
// The failures service; see server.h.
#include "services/failures/server.h"

#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace failures {

using base::Result;
using base::Task;
namespace wire = ipc::failures;

namespace {

constexpr std::size_t page_entries = 500;

base::Error not_open()
{
    return base::temporary("the failure store is not open yet");
}

bool is_of_domain(const Entry& entry, const std::string& domain)
{
    return domain.empty() || entry.subject.ends_with(domain);
}

} // namespace

Result<void> Server::change(const std::string& subject, const Event& event, Changes& changes) const
{
    auto known = changes.find(subject);
    if (known == changes.end()) {
        auto found = store_->find(subject);
        if (!found)
            return found.error();
        known = changes.emplace(subject, std::move(*found)).first;
    }
    known->second = after(std::move(known->second), subject, event, rules_);
    return {};
}

Result<void> Server::take(const Event& event, Changes& changes) const
{
    auto changed = change(wire::subject_of(event.address), event, changes);
    const std::string domain = wire::domain_subject_of(event.address);
    if (!changed || domain.empty() || !concerns_domain(event))
        return changed;
    return change(domain, event, changes);
}

Task<Result<wire::Noted>> Server::on(wire::Note note)
{
    if (store_ == nullptr)
        co_return not_open();
    Changes changes;
    for (const Event& event : note.events)
        if (auto taken = take(event, changes); !taken)
            co_return taken.error();
    if (auto written = store_->write(changes, clock_.wall()); !written)
        co_return written.error();
    for (const Event& event : note.events)
        if (rules_.log && event.failure.kind != mail::FailureClass::None)
            base::Log{}.info(log_line(event));
    co_return wire::Noted{note.events.size()};
}

Task<Result<wire::Verdict>> Server::on(wire::Ask ask)
{
    if (store_ == nullptr)
        co_return not_open();
    auto found = store_->find(wire::subject_of(ask.address));
    if (!found)
        co_return found.error();
    wire::Verdict verdict;
    if (!*found)
        co_return verdict;
    judge(**found, rules_);
    verdict.suppressed = (*found)->suppressed;
    if (verdict.suppressed)
        verdict.text = base::cat("mail to this address has failed before (",
                                 mail::failure_class_name((*found)->latest.back().failure.kind),
                                 "), and is not accepted for now");
    co_return verdict;
}

Result<std::vector<Entry>> Server::next(const std::string& after) const
{
    if (store_ == nullptr)
        return not_open();
    return store_->list(after, page_entries);
}

Task<Result<wire::Entries>> Server::on(wire::List list)
{
    auto page = next(list.after);
    if (!page)
        co_return page.error();
    wire::Entries answer;
    answer.more = page->size() == page_entries;
    const std::string domain =
        list.domain.empty() ? std::string() : wire::subject_of(base::cat("@", list.domain));
    for (Entry& entry : *page) {
        judge(entry, rules_);
        // The last one stays, so that the caller knows where to go on.
        if (is_of_domain(entry, domain) || (answer.more && &entry == &page->back()))
            answer.entries.push_back(std::move(entry));
    }
    co_return answer;
}

Task<Result<wire::Known>> Server::on(wire::Recall recall)
{
    auto page = next(recall.after);
    if (!page)
        co_return page.error();
    wire::Known known;
    for (const Entry& entry : *page)
        known.subjects.push_back(wire::subject_number(entry.subject));
    if (page->size() == page_entries)
        known.next = page->back().subject;
    co_return known;
}

Task<Result<wire::Cleared>> Server::on(wire::Clear clear)
{
    const std::string subject = wire::subject_of(clear.subject);
    Changes changes;
    std::string after;
    bool more = store_ != nullptr;
    while (more) {
        auto page = next(after);
        if (!page)
            co_return page.error();
        more = page->size() == page_entries;
        for (const Entry& entry : *page) {
            after = entry.subject;
            const bool meant = clear.whole_domain || subject.empty() ? is_of_domain(entry, subject)
                                                                     : entry.subject == subject;
            if (meant)
                changes.emplace(entry.subject, std::nullopt);
        }
    }
    if (store_ == nullptr)
        co_return not_open();
    if (auto written = store_->write(changes, clock_.wall()); !written)
        co_return written.error();
    co_return wire::Cleared{changes.size()};
}

} // namespace failures
