// SPDX-License-Identifier: Apache-2.0
// Delivery to commands; see pipe_agent.h.
#include "local/pipe/pipe_agent.h"

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/delivered_to.h"
#include "lib/delivery/outcomes.h"

namespace pipe_mail {

using base::Task;
using delivery::outcome_of;
using ipc::delivery::Deliver;
using mail::Outcome;

namespace {

// Bytes of the output of a successful command that the log shows.
constexpr std::size_t shown_output_limit = 100;

Outcome configuration_error()
{
    return outcome_of("4.3.5", "mail system configuration error");
}

} // namespace

PipeAgent::PipeAgent(events::Loop& loop, const Settings& settings, std::function<void()> give_up)
    : loop_(loop), settings_(settings), give_up_(std::move(give_up)), fault_(settings.fault)
{
    for (const auto& word : settings.attributes.argv) {
        auto argument = Argument::parse(word);
        if (argument)
            arguments_.push_back(std::move(*argument));
        else
            fault_ = argument.error().text;
    }
}

Task<void> PipeAgent::deliver(delivery::Delivery& delivery)
{
    const auto& request = delivery.request();
    delivery.set_health(ipc::delivery::Health::Ok);
    if (auto refused = refusal(request); refused) {
        refused->relay = settings_.service;
        delivery.settle_rest(*refused);
        co_return;
    }
    refuse_dashes(delivery);
    if (delivery.unsettled() == 0)
        co_return;
    auto setup = command_for(delivery);
    const auto end = co_await delivery::run_command(loop_, std::move(setup));
    delivery.settle_rest(result(end));
}

// Why there is nothing to run, for all recipients.
std::optional<Outcome> PipeAgent::refusal(const Deliver& request) const
{
    const auto& attributes = settings_.attributes;
    if (!fault_.empty()) {
        base::Log{}.warning("master.cf: service ", settings_.service, ": ", fault_);
        give_up_();
        Outcome outcome = outcome_of("4.3.5", base::cat("mail system configuration error: service ",
                                                        settings_.service, ": ", fault_));
        outcome.failure.kind = mail::FailureClass::Unknown; // Whatever words the fault has.
        return outcome;
    }
    if (attributes.single_recipient() && request.recipients.size() > 1) {
        base::Log{}.warning("pipe flag `", attributes.delivered_to ? 'D' : 'O', "' requires ",
                            settings_.service, "_destination_recipient_limit = 1");
        return configuration_error();
    }
    if (attributes.size != 0 && request.content.size > attributes.size)
        return outcome_of("5.2.3", "message too large");
    if (request.trace)
        return outcome_of("2.0.0", base::cat("delivers to command: ", attributes.argv.front()));
    if (attributes.delivered_to)
        return loop_found(request);
    return std::nullopt;
}

std::optional<Outcome> PipeAgent::loop_found(const Deliver& request) const
{
    const auto& address = request.recipients.front().address;
    const auto before = delivery::DeliveredTo::read(request.message.fd.number(),
                                                    request.content.offset, request.content.size);
    if (!before)
        return outcome_of("4.3.0", before.error().text);
    if (before->has(address))
        return outcome_of("5.4.6", base::cat("mail forwarding loop for ", address));
    return std::nullopt;
}

// A word that begins with what a stranger chose must not be taken for an option of the command.
void PipeAgent::refuse_dashes(delivery::Delivery& delivery) const
{
    if (settings_.allow_dash)
        return;
    const auto& request = delivery.request();
    const Values values{request, settings_.attributes.addresses};
    for (std::size_t i = 0; i < delivery.recipients(); ++i) {
        for (const auto& argument : arguments_) {
            const std::string word = argument.begins_with_macro()
                                         ? argument.expand(values, request.recipients[i])
                                         : std::string();
            if (!word.starts_with('-'))
                continue;
            Outcome refused = outcome_of("5.1.3", base::cat("bad address syntax: \"", word, "\""));
            refused.relay = settings_.service;
            delivery.settle(i, std::move(refused));
            break;
        }
    }
}

delivery::CommandSetup PipeAgent::command_for(const delivery::Delivery& delivery) const
{
    const auto& request = delivery.request();
    const auto& attributes = settings_.attributes;
    const Values values{request, attributes.addresses};
    delivery::CommandSetup setup;
    setup.command.program = "pipe";
    for (const auto& argument : arguments_) {
        bool more = true;
        for (std::size_t i = 0; i < delivery.recipients() && more; ++i) {
            if (delivery.settled(i))
                continue;
            setup.command.argv.push_back(argument.expand(values, request.recipients[i]));
            more = argument.per_recipient();
        }
    }
    setup.child.rights = settings_.rights;
    setup.child.limit = settings_.time_limit;
    setup.child.root = attributes.root;
    setup.directory = attributes.directory;
    setup.environment = settings_.environment;
    setup.input = {request.message.fd.number(), request.content.offset, request.content.size,
                   head_for(request), attributes.text};
    return setup;
}

std::string PipeAgent::head_for(const Deliver& request) const
{
    const auto& attributes = settings_.attributes;
    const auto& sender = request.envelope.sender;
    delivery::HeadLines head;
    head.from_line = attributes.from_line;
    head.return_path = attributes.return_path;
    head.sender = sender.empty() ? attributes.addresses.null_sender : sender;
    if (attributes.original_to)
        head.original_to = request.recipients.front().original;
    if (attributes.delivered_to)
        head.delivered_to = request.recipients.front().address;
    head.now = loop_.clock().wall();
    head.line_end = attributes.text.line_end;
    return head.text();
}

Outcome PipeAgent::result(const base::Result<delivery::CommandEnd>& end) const
{
    Outcome outcome;
    if (!end) {
        outcome = outcome_of("4.3.0", base::cat("Delivery failed: ", end.error().text));
    } else {
        delivery::Command shown;
        shown.argv = {settings_.attributes.argv.front()};
        outcome = delivery::command_outcome(shown, *end);
    }
    if (outcome.status == mail::Status::Sent) {
        const std::string output(
            base::trim(std::string_view(outcome.text).substr(0, shown_output_limit)));
        outcome.text = base::cat("delivered via ", settings_.service, " service");
        if (!output.empty())
            base::append(outcome.text, " (", output, ")");
        outcome.relayed = !settings_.attributes.final_delivery;
    }
    outcome.relay = settings_.service;
    return outcome;
}

} // namespace pipe_mail
