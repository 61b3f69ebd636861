// SPDX-License-Identifier: Apache-2.0
// From maildrop to cleanup; see carrier.h.
#include "submit/pickup/carrier.h"

#include <algorithm>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/delivery_line.h"
#include "lib/mail/verp.h"

namespace pickup {

using base::Result;
using base::Task;
namespace messages = ipc::cleanup;

namespace {

constexpr std::size_t recipients_at_once = 1000;
constexpr std::size_t notice_limit = 1000; // Recipients that a notice names.
constexpr base::Duration old_age = std::chrono::hours(24);
const base::Error lost = base::temporary("connection to cleanup lost");

// Mail that was requeued has been seen by the filters of its session; milters without one would
// judge it wrongly.
std::uint32_t options_of(const MaildropFile& file, std::uint32_t general)
{
    if (file.requeued)
        general |= messages::option::no_milters;
    if (file.requeued && file.reader.message().envelope.client.shows_port)
        general |= messages::option::show_port;
    if (!file.gateway)
        general |= messages::option::local_rewrite;
    if (file.report == submit::Report::Delivery)
        general |= messages::option::trace;
    if (file.report == submit::Report::Trial)
        general |= messages::option::verify;
    return general;
}

// Whoever submits mail has no say about its client; the queue's own files tell of it.
mail::Envelope envelope_of(const MaildropFile& file, base::WallTime now)
{
    mail::Envelope envelope = file.reader.message().envelope;
    envelope.arrival = std::min(envelope.arrival, now);
    if (!file.requeued) {
        envelope.client = {};
        envelope.declared_size = 0;
    }
    return envelope;
}

// Whether a requeued message still needs the attribute; of several, each by itself.
bool is_kept(const MaildropFile& file, std::string_view name)
{
    if (name == queue::attribute::expanded)
        return file.requeued->note(queue::NoteKind::ExpansionTold) == 0;
    const auto& kept = queue::attribute::kept;
    return std::find(std::begin(kept), std::end(kept), name) != std::end(kept);
}

} // namespace

bool Carrier::act(std::string_view key, std::string value)
{
    const messages::Action action{{std::string(key), std::move(value)}};
    return cleanup_.post(action, true);
}

// What cleanup is told before recipients and content. False: the connection is lost.
bool Carrier::describe(const MaildropFile& file)
{
    bool told = act("uid", base::cat(file.owner));
    if (told && !file.full_name.empty())
        told = act("full_name", file.full_name);
    if (told && !file.verp.empty())
        told = act("verp", file.verp);
    if (told && !rules_.filter.empty())
        told = act("filter", rules_.filter);
    if (!file.requeued)
        return told;
    const auto& message = file.reader.message();
    if (message.attribute(queue::attribute::original_queue_id).empty())
        told = told && act("keep", base::cat(queue::attribute::original_queue_id, "=", message.id));
    for (const auto& [name, value] : message.attributes)
        if (told && is_kept(file, name))
            told = act("keep", base::cat(name, "=", value));
    return told;
}

void Carrier::tell(const MaildropFile& file, std::string_view path, std::string_view id) const
{
    const std::string line =
        base::cat(id, ": uid=", file.owner, " from=<",
                  mail::quote_address(file.reader.message().envelope.sender), ">");
    if (file.requeued)
        base::Log{}.info(line, " orig_id=", base::base_name(path));
    else
        base::Log{}.info(line);
    const auto age = loop_.clock().wall() - file.reader.message().envelope.arrival;
    if (!file.requeued && age > old_age)
        base::Log{}.warning(id, ": message has been queued for ", age / old_age, " days");
}

// Answers with the id that the message has from now on.
Task<Result<std::string>> Carrier::open(const MaildropFile& file, std::string path)
{
    messages::Open request;
    request.envelope = envelope_of(file, loop_.clock().wall());
    request.options = options_of(file, rules_.options);
    auto opened = co_await cleanup_.call(request, deadline());
    if (!opened)
        co_return opened.error();
    tell(file, path, opened->queue_id);
    if (!describe(file))
        co_return lost;
    co_return std::move(opened->queue_id);
}

bool Carrier::send(std::vector<mail::Recipient> recipients)
{
    for (auto& recipient : recipients) {
        if (given_.size() < notice_limit)
            given_.push_back(recipient);
        const messages::Recipient message{std::move(recipient)};
        if (!cleanup_.post(message, true))
            return false;
    }
    return true;
}

// All of what was submitted; of what was requeued, those that are not done.
Task<Result<void>> Carrier::send_recipients(MaildropFile& file)
{
    for (std::size_t index = 0;;) {
        auto some = file.reader.next_recipients(recipients_at_once);
        if (!some)
            co_return some.error();
        if (some->empty())
            co_return Result<void>{};
        if (file.requeued)
            std::erase_if(*some, [&](const mail::Recipient&) {
                return file.requeued->recipients[index++].done();
            });
        if (!send(std::move(*some)))
            co_return lost;
        const bool sent = co_await cleanup_.drain(deadline());
        if (!sent)
            co_return lost;
    }
}

Task<Result<void>> Carrier::send_content(const MaildropFile& file)
{
    std::string room(messages::content_limit, '\0');
    for (std::uint64_t at = 0; at < file.reader.layout().content.size;) {
        auto got = file.reader.read_content(at, room);
        if (!got)
            co_return got.error();
        if (*got == 0)
            co_return base::temporary("became shorter while it was read");
        const messages::Content message{ipc::Bytes{std::string_view(room).substr(0, *got)}};
        if (!cleanup_.post(message, true))
            co_return lost;
        const bool sent = co_await cleanup_.drain(deadline());
        if (!sent)
            co_return lost;
        at += *got;
    }
    co_return Result<void>{};
}

// One notice about these recipients. `to`: who is told; empty: the sender.
Task<Fate> Carrier::notify(const MaildropFile& file, const Failed& failed,
                           std::vector<mail::Recipient> about, std::string to)
{
    base::Fd borrowed{file.reader.descriptor()};
    auto copy = borrowed.duplicate();
    borrowed.release();
    if (!copy)
        co_return Fate::Later;
    ipc::bounce::Notify notice;
    notice.message.fd = std::move(*copy);
    notice.content_offset = file.reader.layout().content_offset;
    notice.content_size = file.reader.layout().content.size;
    notice.queue_id = failed.id;
    notice.envelope = file.reader.message().envelope;
    notice.to = std::move(to);
    for (auto& recipient : about)
        notice.reports.push_back({std::move(recipient), failed.outcome});
    auto notified = co_await bounce_.call_kept(notice, deadline());
    if (!notified) {
        base::Log{}.warning(notice.queue_id, ": cannot notify the sender: ", notified.error().text);
        co_return Fate::Later;
    }
    co_return notified->queue_id.empty() ? Fate::Refused : Fate::Taken;
}

// The lines that readers of logs count returned mail by.
void Carrier::log_failed(const MaildropFile& file, const Failed& failed) const
{
    if (rules_.refusals == nullptr)
        return;
    mail::DeliveryTimes times;
    times.arrival = times.activated = file.reader.message().envelope.arrival;
    times.started = times.connected = times.finished = failed.outcome.when;
    for (const auto& recipient : given_)
        rules_.refusals->write(
            base::LogLevel::Info,
            base::printable(mail::delivery_line(failed.id, recipient, failed.outcome, {times}),
                            true));
}

// Tells the sender, or the sender that each recipient would have seen. The null sender gets no
// notice; what he sent is put away.
Task<Fate> Carrier::give_back(const MaildropFile& file, Failed failed)
{
    const std::string& sender = file.reader.message().envelope.sender;
    if (!mail::are_verp_delimiters(file.verp, rules_.verp_filter) || sender.empty())
        co_return co_await notify(file, failed, std::move(given_), {});
    Fate fate = Fate::Refused;
    for (auto& recipient : given_) {
        std::string to = mail::verp_sender(sender, file.verp, recipient);
        std::vector<mail::Recipient> one;
        one.push_back(std::move(recipient));
        const Fate told = co_await notify(file, failed, std::move(one), std::move(to));
        if (told == Fate::Later)
            co_return told;
        if (told == Fate::Taken)
            fate = told;
    }
    co_return fate;
}

Task<Fate> Carrier::finish(const MaildropFile& file, std::string path, mail::QueueId id)
{
    auto finished = co_await cleanup_.call(messages::Finish{}, deadline());
    if (!finished) {
        base::Log{}.warning(path, ": ", finished.error().text);
        co_return Fate::Later;
    }
    if (finished->verdict == messages::Verdict::Ok)
        co_return Fate::Taken;
    base::Log{}.warning(path, ": error writing ", id, ": ", finished->text);
    if (finished->verdict != messages::Verdict::Permanent)
        co_return Fate::Later;
    std::string_view refusal = finished->text;
    if (refusal.starts_with("Error: ")) // For clients of the SMTP server.
        refusal.remove_prefix(7);
    Failed failed{std::move(id), {}};
    failed.outcome.status = mail::Status::Bounced;
    failed.outcome.dsn = std::move(finished->dsn);
    failed.outcome.text = refusal;
    failed.outcome.relay = "none";
    failed.outcome.when = loop_.clock().wall();
    log_failed(file, failed);
    co_return co_await give_back(file, std::move(failed));
}

Task<Fate> Carrier::carry(MaildropFile& file, std::string path)
{
    given_.clear();
    if (file.requeued && file.requeued->all_done())
        co_return Fate::Taken; // Its last delivery ended when it was put here.
    auto id = co_await open(file, path);
    if (!id && !cleanup_.connected()) // A kept connection to a process that has since ended.
        id = co_await open(file, path);
    if (!id) {
        base::Log{}.warning(path, ": ", id.error().text);
        co_return Fate::Later;
    }
    auto sent = co_await send_recipients(file);
    if (sent)
        sent = co_await send_content(file);
    if (!sent) {
        base::Log{}.warning(path, ": error writing ", *id, ": ", sent.error().text);
        cleanup_.disconnect(); // Which drops the message.
        co_return Fate::Later;
    }
    co_return co_await finish(file, std::move(path), std::move(*id));
}

} // namespace pickup
