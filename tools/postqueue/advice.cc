// SPDX-License-Identifier: Apache-2.0
// Advice by the state of a message and its destination; see advice.h.
#include "tools/postqueue/advice.h"

#include "lib/base/strings.h"
#include "lib/ipc/messages/failures.h"
#include "lib/queue/index.h"
#include "lib/queue/listing.h"

namespace postqueue {

namespace {

using ipc::qmgr::ExplainedRecipient;
using ipc::qmgr::Explanation;

std::string by_queue(const std::string& id, const Explanation& message)
{
    if (message.queue == "hold")
        return base::cat("It stays on hold until released: postsuper -H ", id);
    if (message.queue == "active")
        return "It is being delivered, or waits for its turn: nothing has to be done.";
    if (message.queue == "incoming")
        return "It has just come in; when it stays here, the queue manager has no room or does not "
               "run: postfix status";
    if (message.queue == "maildrop")
        return "It waits for pickup(8): postfix status";
    return {};
}

// Of what is known of its address, when that is why it waits.
std::string by_suppression(const ExplainedRecipient& recipient)
{
    if (recipient.history.empty())
        return {};
    const auto& outcome = recipient.history.back().outcome;
    if (!outcome.mta.empty() || !outcome.text.starts_with(ipc::failures::held_text))
        return {};
    const std::string address = queue::shown_text(recipient.recipient.address);
    return base::cat("Nothing is sent to the address after earlier failures: postfix bounces "
                     "explain ",
                     address,
                     "; end that, before the message is released, with postfix bounces "
                     "clear ",
                     address);
}

// RFC 3463 3.4: X.3.5, the system is incorrectly configured. Ours, when no other host said so.
std::string by_outcome(const mail::Outcome& outcome)
{
    if (outcome.mta.empty() && outcome.dsn.ends_with(".3.5"))
        return "This host is not set up right: read the warnings in the mail log, and run postfix "
               "check";
    return std::string(mail::failure_advice(outcome.failure.kind));
}

std::string by_destination(const ExplainedRecipient& recipient)
{
    const auto& destination = recipient.destination;
    if (!destination.dead)
        return {};
    const std::string domain = queue::domain_of(recipient.recipient.address);
    return base::cat("Its destination is left alone after failures. Once that is back, try at "
                     "once: postqueue -s ",
                     queue::shown_text(domain.empty() ? destination.next_hop : domain));
}

} // namespace

std::vector<std::string> advice(const std::string& id, const Explanation& message,
                                const ExplainedRecipient& recipient)
{
    std::vector<std::string> all;
    const auto add = [&all](std::string text) {
        if (!text.empty())
            all.push_back(std::move(text));
    };
    const std::string suppressed = by_suppression(recipient);
    add(suppressed);
    add(by_queue(id, message));
    if (!recipient.history.empty() && suppressed.empty())
        add(by_outcome(recipient.history.back().outcome));
    add(by_destination(recipient));
    if (message.expired)
        add("It has been told to expire: it goes back to its sender at the next try.");
    if (message.queue == "deferred") {
        add(base::cat("Try it now: postqueue -i ", id));
        if (!message.expired)
            add(base::cat("Return it to its sender now: postsuper -f ", id));
    }
    return all;
}

} // namespace postqueue
