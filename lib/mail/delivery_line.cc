// SPDX-License-Identifier: Apache-2.0
// The delivery line; see delivery_line.h.
#include "lib/mail/delivery_line.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/address.h"

namespace mail {

std::string format_delay(base::Duration delay)
{
    long long hundredths = std::max<long long>(0, delay.count()) / 10'000;
    if (hundredths >= 1000)
        return base::cat(hundredths / 100);
    long long whole = hundredths / 100;
    long long rest = whole > 0 ? hundredths % 100 / 10 * 10 : hundredths % 100; // Two digits.
    std::string text = base::cat(whole);
    if (rest == 0)
        return text;
    base::append(text, '.', rest / 10);
    if (rest % 10 != 0)
        base::append(text, rest % 10);
    return text;
}

static std::string_view status_word(Status status, const DeliveryLine& line)
{
    if (line.softened)
        return "SOFTBOUNCE";
    if (line.probe)
        return status == Status::Sent ? "deliverable" : "undeliverable";
    switch (status) {
    case Status::Queued:
    case Status::Deferred: return "deferred";
    case Status::Sent: return "sent";
    case Status::Bounced: return "bounced";
    case Status::Expanded: return "expanded";
    }
    return "deferred";
}

std::string delivery_line(std::string_view queue_id, const Recipient& recipient,
                          const Outcome& outcome, const DeliveryLine& line)
{
    const auto& t = line.times;
    std::string text = base::cat(queue_id, ": to=<", quote_address(recipient.address), ">");
    if (!recipient.original.empty() && recipient.original != recipient.address)
        base::append(text, ", orig_to=<", quote_address(recipient.original), ">");
    base::append(text,
                 ", relay=", outcome.relay.empty() ? "none" : std::string_view(outcome.relay));
    if (line.connection_uses >= 2)
        base::append(text, ", conn_use=", line.connection_uses);
    base::append(text, ", delay=", format_delay(t.finished - t.arrival));
    base::append(text, ", delays=", format_delay(t.activated - t.arrival), "/",
                 format_delay(t.started - t.activated), "/", format_delay(t.connected - t.started),
                 "/", format_delay(t.finished - t.connected));
    base::append(text, ", dsn=", outcome.dsn, ", status=", status_word(outcome.status, line), " (",
                 outcome.text, ")");
    return text;
}

} // namespace mail
