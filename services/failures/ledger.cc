// SPDX-License-Identifier: Apache-2.0
// Counting failures; see ledger.h.
#include "services/failures/ledger.h"

#include "lib/base/strings.h"

namespace failures {

using mail::FailureClass;

// A deferral counts when it says something of the mailbox itself: a host that is down, or
// greylists, would else turn an address bad by five messages at once.
static bool counts(const Event& event)
{
    return event.returned || event.failure.kind == FailureClass::BadAddress ||
           event.failure.kind == FailureClass::MailboxFull;
}

bool concerns_domain(const Event& event)
{
    switch (event.failure.kind) {
    case FailureClass::Blocked:
    case FailureClass::Policy:
    case FailureClass::Network:
    case FailureClass::Dns:
    case FailureClass::Tls:
    case FailureClass::Loop:
    case FailureClass::Unknown: return true;
    case FailureClass::None: // A success with one mailbox shows that the domain works.
        return true;
    case FailureClass::BadAddress:
    case FailureClass::MailboxFull:
    case FailureClass::Content:
    case FailureClass::AutoReply: return false;
    }
    return false;
}

void judge(Entry& entry, const Rules& rules)
{
    entry.counts_as_hard = entry.hard || entry.soft_in_row >= rules.soft_limit;
    const bool is_domain = entry.subject.starts_with('@');
    const FailureClass kind =
        entry.latest.empty() ? FailureClass::None : entry.latest.back().failure.kind;
    entry.suppressed = rules.suppress && entry.counts_as_hard && entry.remote && !is_domain &&
                       rules.suppressing.contains(kind);
}

std::string log_line(const Event& event)
{
    return base::cat(event.queue_id, ": why: to=<", event.address,
                     ">, class=", mail::failure_class_name(event.failure.kind), ", ",
                     event.failure.hard ? "hard" : "soft", ", dsn=", event.dsn);
}

static void count(Entry& entry, const Event& event)
{
    ++(event.returned ? entry.returned : entry.deferred);
    if (!counts(event))
        return;
    // What a message has counted for once, its later attempts do not count for again.
    const bool again = !event.queue_id.empty() && event.queue_id == entry.counted_id;
    entry.counted_id = event.queue_id;
    if (event.failure.hard)
        entry.hard = true;
    else if (!again)
        ++entry.soft_in_row;
}

std::optional<Entry> after(std::optional<Entry> before, const std::string& subject,
                           const Event& event, const Rules& rules)
{
    if (event.failure.kind == FailureClass::None)
        return std::nullopt;
    Entry entry = before ? std::move(*before) : Entry{};
    if (entry.latest.empty())
        entry.first = event.when;
    entry.subject = subject;
    entry.last = std::max(entry.last, event.when);
    entry.remote = event.remote;
    count(entry, event);
    entry.latest.push_back(event);
    entry.latest.back().reply.resize(std::min(event.reply.size(), reply_kept));
    if (entry.latest.size() > events_kept)
        entry.latest.erase(entry.latest.begin());
    judge(entry, rules);
    return entry;
}

} // namespace failures
