// SPDX-License-Identifier: Apache-2.0
// Outcomes of deliveries on this host; see outcomes.h.
#include "lib/delivery/outcomes.h"

#include "lib/ipc/mail_types.h"

namespace delivery {

using base::Result;
using mail::Outcome;
using mail::Status;

Outcome outcome_of(std::string dsn, std::string text)
{
    Outcome outcome;
    outcome.status = dsn.starts_with("2.")   ? Status::Sent
                     : dsn.starts_with("5.") ? Status::Bounced
                                             : Status::Deferred;
    outcome.dsn = std::move(dsn);
    outcome.text = std::move(text);
    return outcome;
}

std::string encode_outcome(const Outcome& outcome)
{
    ipc::Encoder encoder;
    ipc::encode(encoder, outcome);
    return std::move(encoder.bytes);
}

Result<Outcome> decode_outcome(std::string_view bytes)
{
    Outcome outcome;
    ipc::Decoder decoder(bytes);
    ipc::decode(decoder, outcome);
    if (!decoder.complete())
        return base::temporary("the delivery process gave no outcome");
    return outcome;
}

static Result<Outcome> read_outcome(const Result<std::string>& said)
{
    if (!said)
        return said.error();
    return decode_outcome(*said);
}

base::Task<Outcome> deliver_as(events::Loop& loop, ChildSetup setup, std::function<Outcome()> work)
{
    std::function<std::string()> encoded = [&work] { return encode_outcome(work()); };
    const auto said = co_await run_as(loop, std::move(setup), std::move(encoded));
    auto outcome = read_outcome(said);
    if (!outcome)
        co_return outcome_of("4.3.0", outcome.error().text);
    co_return std::move(*outcome);
}

} // namespace delivery
