// SPDX-License-Identifier: Apache-2.0
// The bounce service; see server.h.
#include "bounce/server.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/config/notify_class.h"

namespace bounce {

using base::Result;
using base::Task;
using ipc::bounce::Kind;
using ipc::bounce::Notified;
using ipc::bounce::Notify;
using ipc::bounce::Report;
namespace notify_class = config::notify_class;

namespace {

// Header bytes that are returned of a message without a body's beginning in sight.
constexpr std::uint64_t header_limit = 1 << 20;

bool needs_utf8(const Notify& request, Reports reports)
{
    return request.envelope.smtputf8 || !base::is_ascii(request.envelope.sender) ||
           !base::is_ascii(request.to) ||
           std::any_of(reports.begin(), reports.end(), [](const Report* report) {
               return !base::is_ascii(report->recipient.address) ||
                      !base::is_ascii(report->recipient.original);
           });
}

std::vector<const Report*> all_of(const Notify& request)
{
    std::vector<const Report*> reports;
    reports.reserve(request.reports.size());
    for (const Report& report : request.reports)
        reports.push_back(&report);
    return reports;
}

void log_notice(const Notify& request, bool postmaster, std::string_view id)
{
    base::Log{}.info(request.queue_id, ": ", notice_name(request.kind, postmaster), ": ", id);
}

base::Error told(const Notify& request, const base::Error& error)
{
    base::Log{}.warning(request.queue_id, ": cannot send a notice: ", error.text);
    return error;
}

} // namespace

bool is_owed(Kind kind, const mail::Recipient& recipient)
{
    const std::uint8_t wanted = recipient.dsn_notify;
    switch (kind) {
    case Kind::Failure: return wanted == 0 || (wanted & mail::notify::failure) != 0;
    case Kind::Delay: return wanted == 0 || (wanted & mail::notify::delay) != 0;
    case Kind::Success: // The queue manager knows; confirm_delay_cleared goes further than NOTIFY.
    case Kind::Verified:
    case Kind::Recorded: return true;
    }
    return true;
}

std::string Server::double_bounce_address() const
{
    return config::notice_sender(settings_.double_bounce_sender, settings_.identity.myhostname);
}

bool Server::is_double_bounce(std::string_view sender) const
{
    return base::iequals(sender, double_bounce_address()) ||
           base::iequals(sender, settings_.double_bounce_sender);
}

Task<Result<Notified>> Server::on(Notify request)
{
    const bool to_nobody = request.envelope.sender.empty();
    const bool is_report = request.kind != Kind::Failure && request.kind != Kind::Delay;
    if (is_double_bounce(request.envelope.sender)) {
        if (!is_report)
            base::Log{}.warning(request.queue_id,
                                ": undeliverable postmaster notification discarded");
        co_return Notified{};
    }
    if (to_nobody && is_report)
        co_return Notified{};
    if (to_nobody)
        co_return co_await tell_postmaster(request);
    auto notified = co_await tell_sender(request);
    if (notified && !is_report)
        co_await copy(request);
    co_return notified;
}

// About what had the null sender: the postmaster gets it instead, whole, if that is wanted.
Task<Result<Notified>> Server::tell_postmaster(const Notify& request)
{
    const bool failure = request.kind == Kind::Failure;
    const unsigned wanted = failure ? notify_class::two_bounce : notify_class::delay;
    if ((settings_.classes & wanted) == 0)
        co_return Notified{};
    Order order;
    order.to = failure ? settings_.double_bounces : settings_.delay_copies;
    order.postmaster = true;
    order.returned = returned_part(request, mail::DsnReturn::Unspecified);
    order.reports = all_of(request);
    auto written = co_await write(request, std::move(order));
    if (!written)
        co_return told(request, written.error());
    log_notice(request, true, *written);
    co_return Notified{std::move(*written)};
}

Task<Result<Notified>> Server::tell_sender(const Notify& request)
{
    Order order;
    for (const Report& report : request.reports)
        if (is_owed(request.kind, report.recipient))
            order.reports.push_back(&report);
    if (order.reports.empty())
        co_return Notified{};
    order.to = request.to.empty() ? request.envelope.sender : request.to;
    order.returned = returned_part(request, request.envelope.dsn_return);
    auto written = co_await write(request, std::move(order));
    if (!written)
        co_return told(request, written.error());
    log_notice(request, false, *written);
    co_return Notified{std::move(*written)};
}

// The postmaster's copy. The sender has been told already: a copy that fails must not have that
// happen again, so it is only logged.
Task<void> Server::copy(const Notify& request)
{
    const bool failure = request.kind == Kind::Failure;
    const unsigned wanted = failure ? notify_class::bounce : notify_class::delay;
    if ((settings_.classes & wanted) == 0)
        co_return;
    Order order;
    order.to = failure ? settings_.failure_copies : settings_.delay_copies;
    order.postmaster = true;
    order.reports = all_of(request);
    auto written = co_await write(request, std::move(order));
    if (!written)
        told(request, written.error());
    else
        log_notice(request, true, *written);
}

Returned Server::returned_part(const Notify& request, mail::DsnReturn wanted) const
{
    const bool whole = request.kind == Kind::Failure && wanted != mail::DsnReturn::Headers &&
                       request.content_size <= settings_.size_limit;
    return whole ? Returned::Message : Returned::Headers;
}

// Nothing that is returned may look like the end of its part. The boundary depends on the message's
// queue id and the time, and on more when that has been guessed.
Result<std::string> Server::boundary(const Notify& request, const Original& original,
                                     std::uint64_t size, Original::Facts& found) const
{
    const auto time = base::unix_microseconds(clock_.wall());
    for (unsigned again = 0;; ++again) {
        std::string text =
            base::cat(request.queue_id, ".", time, again == 0 ? "" : "+",
                      again == 0 ? "" : base::cat(again), "/", settings_.identity.myhostname);
        auto looked = original.look(size, base::cat("--", text));
        if (!looked)
            return looked.error();
        found = *looked;
        if (!found.has_needle)
            return text;
    }
}

Task<Result<std::string>> Server::write(const Notify& request, Order order)
{
    NoticeFacts facts;
    facts.kind = request.kind;
    facts.to = order.to;
    facts.postmaster = order.postmaster;
    facts.original_id = request.queue_id;
    facts.now = clock_.wall();
    facts.retry_until = request.retry_until;
    facts.returned = order.returned;
    facts.utf8 = needs_utf8(request, order.reports);
    return hand_in(request, std::move(facts), std::move(order));
}

Task<Result<std::string>> Server::hand_in(const Notify& request, NoticeFacts facts, Order order)
{
    const Original original(request.message.fd.number(), request.content_offset,
                            request.content_size);
    const auto header = original.header_size(header_limit);
    if (!header)
        co_return header.error();
    const std::uint64_t size = facts.returned == Returned::Message ? original.size() : *header;
    Original::Facts found;
    auto boundary_text = boundary(request, original, size, found);
    if (!boundary_text)
        co_return boundary_text.error();
    facts.boundary = std::move(*boundary_text);
    facts.eight_bit = found.eight_bit;
    if (settings_.threaded) {
        auto id = original.message_id(*header, facts.utf8);
        if (!id)
            co_return id.error();
        facts.message_id = std::move(*id);
    }

    mail::Envelope envelope;
    if (order.postmaster)
        envelope.sender = double_bounce_address();
    envelope.arrival = facts.now;
    envelope.smtputf8 = facts.utf8;
    mail::Recipient to{order.to, order.to, {}, 0};
    const std::unique_ptr<NoticeSink> sink = sinks_.make();
    auto id = co_await sink->open(std::move(envelope), std::move(to));
    if (!id)
        co_return id.error();
    facts.notice_id = *id;
    const Notice notice(settings_.identity, settings_.texts, facts, request.envelope);
    auto sent = co_await sink->write(notice.head(order.reports));
    delivery::MessageFile file = original.pieces(size);
    while (sent && file.left() > 0) {
        const auto piece = file.next();
        if (!piece)
            co_return piece.error();
        std::string bytes(*piece);
        sent = co_await sink->write(std::move(bytes));
    }
    if (!sent)
        co_return sent.error();
    sent = co_await sink->write(notice.tail(!found.ends_with_newline));
    if (sent)
        sent = co_await sink->finish();
    if (!sent)
        co_return sent.error();
    co_return std::move(*id);
}

} // namespace bounce
