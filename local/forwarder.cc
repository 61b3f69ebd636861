// SPDX-License-Identifier: Apache-2.0
// New messages; see forwarder.h.
#include "local/forwarder.h"

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/content.h"
#include "lib/delivery/outcomes.h"
#include "lib/mail/address.h"
#include "lib/mail/date.h"

namespace local {

using base::Result;
using base::Task;
using ipc::delivery::Deliver;

namespace {

const base::Error lost = base::temporary("lost connection with cleanup");

mail::Outcome unable(const base::Error& why)
{
    base::Log{}.warning("forward message: ", why.text);
    return delivery::outcome_of("4.3.0", "unable to forward message");
}

// cleanup's word on a message that it does not take.
mail::Outcome refused(const ipc::cleanup::Finished& finished)
{
    if (finished.verdict != ipc::cleanup::Verdict::Permanent)
        return unable(base::temporary(base::cat("cleanup: ", finished.text)));
    std::string_view text = finished.text;
    if (text.starts_with("Error: "))
        text.remove_prefix(7);
    auto outcome = delivery::outcome_of(finished.dsn, std::string(text));
    outcome.status = mail::Status::Bounced;
    return outcome;
}

} // namespace

// A few hundred recipients leave at a time; cleanup works them off as they come.
Task<Result<std::string>> Forwarder::open(Cleanup& cleanup, const Deliver& request,
                                          const Forward& forward)
{
    constexpr std::size_t between_drains = 500;
    ipc::cleanup::Open open;
    open.envelope = request.envelope;
    open.envelope.sender = forward.sender;
    open.envelope.arrival = loop_.clock().wall();
    open.envelope.dsn_envid = forward.envid;
    open.envelope.dsn_return = forward.dsn_return;
    open.options = ipc::cleanup::option::internal;
    auto opened = co_await cleanup.call_kept(open, deadline());
    if (!opened)
        co_return opened.error();
    std::size_t count = 0;
    for (const auto& recipient : forward.recipients) {
        if (!cleanup.post(ipc::cleanup::Recipient{recipient}, true))
            co_return lost;
        if (++count % between_drains != 0)
            continue;
        const bool drained = co_await cleanup.drain(deadline());
        if (!drained)
            co_return lost;
    }
    co_return std::move(opened->queue_id);
}

Task<Result<void>> Forwarder::write(Cleanup& cleanup, std::string_view bytes)
{
    for (std::size_t at = 0; at < bytes.size(); at += ipc::cleanup::content_limit) {
        const ipc::cleanup::Content piece{bytes.substr(at, ipc::cleanup::content_limit)};
        if (!cleanup.post(piece))
            co_return lost;
    }
    const bool drained = co_await cleanup.drain(deadline());
    if (!drained)
        co_return lost;
    co_return Result<void>{};
}

std::string Forwarder::head(const std::string& queue_id, const Forward& forward) const
{
    std::string text =
        base::cat("Received: by ", identity_.myhostname, " (", identity_.mail_name, ")\r\n\tid ",
                  queue_id, "; ", mail::header_date(loop_.clock().wall()), "\r\n");
    if (identity_.delivered_to)
        base::append(text, "Delivered-To: ",
                     base::printable(mail::quote_address(base::lower(forward.delivered_to)), true),
                     "\r\n");
    return text;
}

Task<Result<void>> Forwarder::copy(Cleanup& cleanup, const Deliver& request)
{
    delivery::FileContent content(request.message.fd.number(), request.content.offset,
                                  request.content.size);
    while (true) {
        auto piece = co_await content.next();
        if (!piece)
            co_return piece.error();
        auto sent = co_await write(cleanup, piece->bytes);
        if (!sent || piece->last)
            co_return sent;
    }
}

Task<mail::Outcome> Forwarder::send(const Deliver& request, const Forward& forward)
{
    Cleanup cleanup(loop_, "public/cleanup");
    auto id = co_await open(cleanup, request, forward);
    if (!id)
        co_return unable(id.error());
    const std::string top = head(*id, forward);
    auto sent = co_await write(cleanup, top);
    if (sent)
        sent = co_await copy(cleanup, request);
    if (!sent)
        co_return unable(sent.error());
    auto finished = co_await cleanup.call(ipc::cleanup::Finish{}, deadline());
    if (!finished)
        co_return unable(finished.error());
    if (finished->verdict != ipc::cleanup::Verdict::Ok)
        co_return refused(*finished);
    co_return delivery::outcome_of("2.0.0", base::cat("forwarded as ", *id));
}

} // namespace local
