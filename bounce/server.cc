// SPDX-License-Identifier: Apache-2.0
// The bounce service; see server.h.
#include "bounce/server.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace bounce {

using base::Result;
using base::Task;
using ipc::bounce::Kind;
using ipc::bounce::Notified;
using ipc::bounce::Notify;
using ipc::bounce::Report;

namespace {

// Header bytes that are returned of a message without a body's beginning in sight.
constexpr std::uint64_t header_limit = 1 << 20;

bool needs_utf8(const Notify& request, const std::vector<Report>& reports)
{
    return request.envelope.smtputf8 || !base::is_ascii(request.envelope.sender) ||
           std::any_of(reports.begin(), reports.end(), [](const Report& report) {
               return !base::is_ascii(report.recipient.address) ||
                      !base::is_ascii(report.recipient.original);
           });
}

mail::Envelope notice_envelope(const Notify& request, const NoticeFacts& facts)
{
    mail::Envelope envelope;
    envelope.arrival = facts.now;
    envelope.smtputf8 = facts.utf8;
    envelope.dsn_envid = request.envelope.dsn_envid;
    envelope.body =
        facts.eight_bit || facts.utf8 ? mail::BodyType::EightBitMime : mail::BodyType::SevenBit;
    return envelope;
}

} // namespace

bool is_owed(Kind kind, const mail::Recipient& recipient)
{
    const std::uint8_t wanted = recipient.dsn_notify;
    switch (kind) {
    case Kind::Failure: return wanted == 0 || (wanted & mail::notify::failure) != 0;
    case Kind::Delay: return wanted == 0 || (wanted & mail::notify::delay) != 0;
    case Kind::Success: return (wanted & mail::notify::success) != 0;
    }
    return true;
}

Task<Result<Notified>> Server::on(Notify request)
{
    std::vector<Report> reports;
    for (Report& report : request.reports)
        if (is_owed(request.kind, report.recipient))
            reports.push_back(std::move(report));
    // RFC 5321 4.5.5: nobody is told about mail from the null sender.
    if (reports.empty() || request.envelope.sender.empty())
        co_return Notified{};
    auto written = co_await write(request, reports);
    if (!written) {
        base::Log{}.warning(request.queue_id, ": cannot send a notice: ", written.error().text);
        co_return written.error();
    }
    base::Log{}.info(request.queue_id, ": ", notice_name(request.kind), ": ", *written);
    co_return Notified{std::move(*written)};
}

Returned Server::returned_part(const Notify& request) const
{
    const bool whole = request.kind == Kind::Failure &&
                       request.envelope.dsn_return != mail::DsnReturn::Headers &&
                       request.content_size <= size_limit_;
    return whole ? Returned::Message : Returned::Headers;
}

Task<Result<std::string>> Server::write(const Notify& request, const std::vector<Report>& reports)
{
    const Original original(request.message.fd.number(), request.content_offset,
                            request.content_size);
    NoticeFacts facts;
    facts.kind = request.kind;
    facts.original_id = request.queue_id;
    facts.now = clock_.wall();
    facts.returned = returned_part(request);
    facts.utf8 = needs_utf8(request, reports);
    const auto header = original.header_size(header_limit);
    if (!header)
        co_return header.error();
    const std::uint64_t size = facts.returned == Returned::Message ? original.size() : *header;
    // Nothing that is returned may look like the end of its part. The boundary depends on the
    // message's queue id and the time, and on more when that has been guessed.
    base::Result<Original::Facts> found = Original::Facts{.has_needle = true};
    for (unsigned again = 0; found && found->has_needle; ++again) {
        facts.boundary =
            base::cat(request.queue_id, ".", base::unix_microseconds(facts.now),
                      again == 0 ? "" : base::cat("+", again), "/", identity_.myhostname);
        found = original.look(size, base::cat("--", facts.boundary));
    }
    if (!found)
        co_return found.error();
    facts.eight_bit = found->eight_bit;

    const std::unique_ptr<NoticeSink> sink = sinks_.make();
    mail::Recipient to{request.envelope.sender, request.envelope.sender, {}, mail::notify::never};
    auto id = co_await sink->open(notice_envelope(request, facts), std::move(to));
    if (!id)
        co_return id.error();
    facts.notice_id = *id;
    const Notice notice(identity_, facts, request.envelope);
    auto sent = co_await sink->write(notice.head(reports));
    for (std::uint64_t at = 0; at < size && sent; at += Original::piece_size) {
        auto piece = original.read(at, size);
        if (!piece)
            co_return piece.error();
        sent = co_await sink->write(std::move(*piece));
    }
    if (!sent)
        co_return sent.error();
    sent = co_await sink->write(notice.tail(!found->ends_with_newline));
    if (sent)
        sent = co_await sink->finish();
    if (!sent)
        co_return sent.error();
    co_return std::move(*id);
}

} // namespace bounce
