// SPDX-License-Identifier: Apache-2.0
// Who is told of what became of a message; see manager.h. A notice is asked for when a round has
// ended, and counts once the bounce service says that it is on disk. What it was about is written
// down before (success: a crash must not deliver again) or after it (failure: a crash must not
// forget it), so that of each kind a recipient is told once, and never not at all.
#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/verp.h"
#include "qmgr/manager.h"

namespace qmgr {

using base::Task;
using ipc::bounce::Kind;
using mail::Status;

namespace {

constexpr auto bounce_time = std::chrono::seconds(120);
// Recipients in one notice: with replies of ordinary length far below what one call may carry.
constexpr std::size_t notice_limit = 2'000;

} // namespace

bool Manager::wants_success(const ActiveMessage& message, const mail::Recipient& recipient) const
{
    const std::uint8_t wanted = recipient.dsn_notify;
    const bool was_warned = message.warned && parts_.notices.confirm_delay_cleared &&
                            (wanted == 0 || (wanted & mail::notify::delay) != 0);
    return (wanted & mail::notify::success) != 0 || was_warned;
}

bool Manager::owes_success(const ActiveMessage& message, const ActiveRecipient& recipient) const
{
    const Status status = recipient.outcome.status;
    if ((status != Status::Sent && status != Status::Expanded) || recipient.told)
        return false;
    if (message.verifies || message.message().envelope.sender.empty())
        return false;
    // The next host was asked to tell, but only where the sender itself had asked.
    if (recipient.onward && (recipient.recipient.dsn_notify & mail::notify::success) != 0)
        return false;
    return wants_success(message, recipient.recipient);
}

bool Manager::owes_any(const ActiveMessage& message) const
{
    auto owed = [&](const auto& entry) { return owes_success(message, entry.second); };
    return !message.expanded.empty() ||
           std::any_of(message.recipients.begin(), message.recipients.end(), owed);
}

// Addresses that cleanup replaced by others, unless the sender knows.
void Manager::take_expansions(ActiveMessage& message) const
{
    if (message.history.note(queue::NoteKind::ExpansionTold) != 0 ||
        message.message().envelope.sender.empty())
        return;
    for (const auto& attribute : message.message().attributes) {
        if (attribute.name != queue::attribute::expanded)
            continue;
        std::string_view value = attribute.value;
        ActiveRecipient one;
        one.recipient.address = base::cut(value, '\n');
        one.recipient.original = base::cut(value, '\n');
        one.recipient.dsn_orcpt = value;
        one.recipient.dsn_notify = mail::notify::success;
        one.outcome = {Status::Expanded, "2.0.0", "alias expanded", "none", {}, {}, wall()};
        message.expanded.push_back(std::move(one));
    }
}

// A recipient that an earlier queue manager has delivered to, and whose success is still to be
// told; nothing if there is nothing to tell. `latest` keeps what the journal says.
std::optional<ActiveRecipient> Manager::recall(const Active& message, std::uint32_t number,
                                               const mail::Recipient& recipient,
                                               std::optional<queue::JournalState>& latest)
{
    const auto& state = message->history.recipients[number];
    ActiveRecipient active;
    active.recipient = recipient;
    active.outcome.status = state.status;
    active.told = state.told;
    active.journaled = true;
    if (!owes_success(*message, active))
        return std::nullopt;
    if (!latest) {
        auto read = message->reader.journal(queue::JournalDetail::Latest);
        if (!read) {
            warn(message->id(), read.error().text);
            return std::nullopt;
        }
        latest = std::move(*read);
    }
    const auto& history = latest->recipients[number].history;
    if (!history.empty())
        active.outcome = history.back().outcome;
    const auto warned = message->history.note(queue::NoteKind::WarningSent);
    const bool asked = (recipient.dsn_notify & mail::notify::success) != 0;
    if (!asked && base::unix_microseconds(active.outcome.when) < warned)
        return std::nullopt; // It was not among those who were late.
    return active;
}

// Whether a failure is told to the sender that the recipient alone saw.
bool Manager::tells_apart(const ActiveMessage& message) const
{
    return !message.verp.empty() && parts_.notices.verp_apart;
}

// One notice, or one for each; each of those is written down at once, so that a crash repeats one
// at most. False: not all were told; who was is marked.
Task<bool> Manager::tell_failed(Active message, Told failed)
{
    if (!tells_apart(*message)) {
        const bool told = co_await notify_some(message, Kind::Failure, failed.about);
        for (auto* recipient : failed.about)
            recipient->told = told;
        co_return told;
    }
    for (std::size_t at = 0; at < failed.about.size(); ++at) {
        const std::vector<ActiveRecipient*> one{failed.about[at]};
        const bool told = co_await notify_some(message, Kind::Failure, one);
        if (!told)
            co_return false;
        one.front()->told = true;
        keep_told(message, failed.numbers[at], *one.front());
    }
    co_return true;
}

Task<bool> Manager::notify_some(Active message, Kind kind,
                                const std::vector<ActiveRecipient*>& about)
{
    if (kind == Kind::Failure) {
        const bool kept = co_await keep_badmail(message, about);
        if (!kept)
            co_return false;
    }
    ipc::bounce::Notify notify;
    base::Fd borrowed{message->reader.descriptor()};
    auto copy = borrowed.duplicate();
    borrowed.release();
    if (!copy) {
        warn(message->id(), copy.error().text);
        co_return false;
    }
    notify.kind = kind;
    notify.message.fd = std::move(*copy);
    notify.content_offset = message->reader.layout().content_offset;
    notify.content_size = message->reader.layout().content.size;
    notify.queue_id = message->id();
    notify.envelope = message->message().envelope;
    notify.retry_until = parts_.retry.expiry(notify.envelope.sender, notify.envelope.arrival);
    for (const auto* recipient : about)
        notify.reports.push_back({recipient->recipient, recipient->outcome});
    if (tells_apart(*message) && kind == Kind::Failure && about.size() == 1)
        notify.to =
            mail::verp_sender(notify.envelope.sender, message->verp, about.front()->recipient);
    auto notified = co_await bounce_.call(notify, parts_.loop.clock().after(bounce_time));
    if (!notified)
        warn(message->id(), base::cat("cannot notify the sender: ", notified.error().text));
    co_return notified.ok();
}

void Manager::note(const Active& message, queue::NoteKind kind, std::int64_t value)
{
    message->history.notes[static_cast<std::size_t>(kind)] = value;
    if (!open_journal(message))
        return;
    if (auto noted = message->journal->note(kind, value); !noted)
        warn(message->id(), noted.error().text);
}

// Returns what failed to the sender. Where that is not possible now, the recipients stay, and are
// tried again together with the notice.
Task<void> Manager::notify_failures(Active message)
{
    bool able = true;
    while (true) {
        Told failed;
        for (auto& [number, recipient] : message->recipients) {
            bool due = recipient.outcome.status == Status::Bounced && !recipient.told;
            if (!due || failed.about.size() >= notice_limit)
                continue;
            failed.about.push_back(&recipient);
            failed.numbers.push_back(number);
        }
        if (failed.about.empty())
            co_return;
        keep_results(message); // The notice may take its time, and we may not live to see it.
        if (able)
            able = co_await tell_failed(message, failed);
        for (auto* recipient : failed.about)
            if (!recipient->told)
                recipient->outcome.status = Status::Deferred;
        forget_finished(message);
    }
}

void Manager::told_expansions(const Active& message)
{
    if (!message->expanded.empty())
        note(message, queue::NoteKind::ExpansionTold, 1);
    message->expanded.clear();
}

// Tells of success those who asked, once it is written down. Where that is not possible now, the
// message stays for it, as long as it would have stayed for a delivery.
Task<void> Manager::notify_successes(Active message)
{
    bool able = true;
    while (able && owes_any(*message)) {
        Told told;
        for (auto& one : message->expanded)
            told.about.push_back(&one);
        for (auto& [number, recipient] : message->recipients) {
            if (told.about.size() >= notice_limit || !owes_success(*message, recipient))
                continue;
            told.about.push_back(&recipient);
            told.numbers.push_back(number);
        }
        able = keep_results(message);
        if (able)
            able = co_await notify_some(message, Kind::Success, told.about);
        const auto& envelope = message->message().envelope;
        if (!able && !parts_.retry.expired(envelope.sender, envelope.arrival, wall()))
            co_return;
        for (auto* recipient : told.about)
            recipient->told = true;
        told_expansions(message);
        if (open_journal(message))
            if (auto noted = message->journal->tell(told.numbers); !noted)
                warn(message->id(), noted.error().text);
        forget_finished(message);
    }
}

// RFC 3461 4.1: tells of a delay, once.
Task<void> Manager::notify_delay(Active message)
{
    const auto& envelope = message->message().envelope;
    const auto limit = parts_.notices.delay_warning_time;
    if (limit == base::Duration{0} || message->warned || wall() - envelope.arrival < limit)
        co_return;
    std::vector<ActiveRecipient*> late;
    for (auto& [number, recipient] : message->recipients) {
        const std::uint8_t wanted = recipient.recipient.dsn_notify;
        const bool due = recipient.outcome.status == Status::Deferred &&
                         (wanted == 0 || (wanted & mail::notify::delay) != 0);
        if (due && late.size() < notice_limit)
            late.push_back(&recipient);
    }
    if (late.empty())
        co_return;
    keep_results(message);
    const bool able = co_await notify_some(message, Kind::Delay, late);
    if (!able)
        co_return;
    message->warned = true;
    note(message, queue::NoteKind::WarningSent, base::unix_microseconds(wall()));
}

// What sendmail -v and -bv ask for: every recipient of this round. A verification that cannot be
// reported now is made again.
Task<void> Manager::send_report(Active message)
{
    if (!message->verifies && !message->reports)
        co_return;
    const Kind kind = message->verifies ? Kind::Verified : Kind::Recorded;
    std::vector<ActiveRecipient*> all;
    for (auto& [number, recipient] : message->recipients)
        if (recipient.outcome.status != Status::Queued && all.size() < notice_limit)
            all.push_back(&recipient);
    if (all.empty())
        co_return;
    if (kind == Kind::Recorded)
        for (auto& one : message->expanded)
            all.push_back(&one);
    keep_results(message);
    const bool able = co_await notify_some(message, kind, all);
    message->verified = able && message->verifies;
    for (auto* recipient : all)
        if (message->verifies && !able)
            recipient->outcome.status = Status::Deferred;
        else if (recipient->outcome.final() && recipient->outcome.status != Status::Bounced)
            recipient->told = true; // Of success too.
    if (!able || message->verifies)
        co_return;
    message->reports = false;
    note(message, queue::NoteKind::ReportSent, 1);
    told_expansions(message);
    forget_finished(message);
}

Task<void> Manager::notify(Active message)
{
    if (!message->verifies)
        expire_deferred(message);
    co_await send_report(message);
    if (message->verifies)
        co_return;
    co_await notify_failures(message);
    co_await notify_successes(message);
    co_await notify_delay(message);
}

} // namespace qmgr
