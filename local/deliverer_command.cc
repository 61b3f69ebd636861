// SPDX-License-Identifier: Apache-2.0
// Doing one part of a plan; see deliverer.h. This file: commands and other delivery agents.
#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/outcomes.h"
#include "lib/ipc/client.h"
#include "local/deliverer.h"
#include "local/names.h"

namespace local {

using base::Task;
using ipc::delivery::Deliver;
using mail::Outcome;

// What a command learns of the message. Nothing from the network reaches a shell with a meaning:
// characters that the filter does not have become '_'.
std::vector<std::string> Deliverer::environment(const Deliver& request, const Part& part) const
{
    std::vector<std::string> all = settings_.environment;
    const auto add = [&](std::string_view name, const std::string& value) {
        std::string clean = value;
        for (char& c : clean)
            if (settings_.environment_filter.find(c) == std::string::npos)
                c = '_';
        all.push_back(base::cat(name, "=", clean));
    };
    const auto add_given = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            add(name, value);
    };
    if (part.user != nullptr)
        add("HOME", part.user->home);
    add("LOGNAME", part.names.user);
    add("USER", part.names.user);
    add("SENDER", part.sender);
    add("RECIPIENT", part.recipient.address);
    add("LOCAL", part.names.local);
    if (part.user != nullptr)
        add("SHELL", part.user->shell);
    if (part.names.domain)
        add("DOMAIN", *part.names.domain);
    if (part.names.extension)
        add("EXTENSION", *part.names.extension);
    add_given("ORIGINAL_RECIPIENT", part.recipient.original);
    const mail::Client& client = request.envelope.client;
    add_given("CLIENT_HOSTNAME", client.name);
    add_given("CLIENT_ADDRESS", client.address);
    add_given("CLIENT_HELO", client.helo);
    add_given("CLIENT_PROTOCOL", client.protocol);
    return all;
}

Task<Outcome> Deliverer::command(const Deliver& request, const Part& part)
{
    auto directory = expand(settings_.command_directory, part.names, settings_.directory_filter);
    if (!directory) {
        base::Log{}.warning("command_execution_directory: ", directory.error().text);
        co_return delivery::outcome_of("4.3.5", "mail system configuration error");
    }
    delivery::CommandSetup setup;
    setup.command.line = part.text;
    setup.command.shell = settings_.command_shell;
    setup.command.program = "local";
    setup.child.rights = rights_of(part.user);
    setup.child.limit = settings_.command_time;
    setup.file_limit = settings_.size_limit;
    setup.directory = std::move(directory->text);
    setup.environment = environment(request, part);
    setup.input = message(request, part, true, settings_.delivered_to_command);
    const delivery::Command shown = setup.command;
    auto end = co_await delivery::run_command(loop_, std::move(setup));
    if (!end)
        co_return delivery::outcome_of("4.3.0", end.error().text);
    auto outcome = delivery::command_outcome(shown, *end);
    if (outcome.status == mail::Status::Sent)
        outcome.text = base::cat("delivered to command: ", part.text);
    co_return outcome;
}

// "transport:nexthop"; without a next hop, the one that we were given.
Task<Outcome> Deliverer::handover(const Deliver& request, const Part& part, bool& logged)
{
    std::string_view next_hop = part.text;
    const std::string transport(base::cut(next_hop, ':'));
    if (transport.empty() || transport == settings_.service ||
        transport.find('/') != std::string::npos) {
        base::Log{}.warning("bad delivery agent for local mail: \"", part.text, "\"");
        co_return delivery::outcome_of("4.3.5", "mail system configuration error");
    }
    base::Log{}.info(request.queue_id, ": passing <", part.recipient.address,
                     "> to transport=", transport);
    Deliver passed;
    auto copy = request.message.fd.duplicate();
    if (!copy)
        co_return delivery::outcome_of("4.3.0", copy.error().text);
    passed.message.fd = std::move(*copy);
    passed.queue_id = request.queue_id;
    passed.envelope = request.envelope;
    passed.envelope.sender = part.sender;
    passed.content = request.content;
    passed.next_hop = next_hop.empty() ? request.next_hop : std::string(next_hop);
    passed.recipients.push_back(part.recipient);
    passed.activated = request.activated;
    passed.queued_for = request.queued_for;
    passed.trace = request.trace;
    passed.soft_bounce = request.soft_bounce;
    ipc::Client<ipc::delivery::Protocol> agent(loop_, base::cat("private/", transport));
    const auto deadline = loop_.clock().after(settings_.answer_time);
    auto announced = co_await agent.call(ipc::delivery::Announce{}, deadline);
    if (!announced) {
        base::Log{}.warning("transport ", transport, ": ", announced.error().text);
        co_return delivery::outcome_of("4.3.0", "mail transport unavailable");
    }
    auto delivered = co_await agent.call_kept(passed, deadline);
    if (!delivered || delivered->outcomes.size() != 1) {
        base::Log{}.warning("transport ", transport, ": ",
                            delivered ? "bad answer" : delivered.error().text);
        co_return delivery::outcome_of("4.3.0", "unknown mail transport error");
    }
    logged = true;
    co_return std::move(delivered->outcomes.front());
}

} // namespace local
