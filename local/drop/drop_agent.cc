// SPDX-License-Identifier: Apache-2.0
// Delivery to a directory; see drop_agent.h.
#include "local/drop/drop_agent.h"

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/outcomes.h"
#include "lib/delivery/safe_file.h"
#include "lib/delivery/user.h"
#include "lib/mail/address.h"
#include "local/drop/drop_file.h"

namespace drop {

using base::Task;
using ipc::delivery::Deliver;

namespace {

// One file's delivery; the child then undoes what it has done.
constexpr base::Duration delivery_time = std::chrono::minutes(30);

delivery::Rights rights_of(const Attributes& attributes)
{
    const auto user = delivery::find_user(attributes.user);
    const auto group = delivery::find_group(attributes.group);
    if (!user || !*user)
        base::fatal(user ? base::cat("unknown username: ", attributes.user) : user.error().text);
    if (!group || (!*group && !attributes.group.empty()))
        base::fatal(group ? base::cat("unknown group: ", attributes.group) : group.error().text);
    return {(*user)->uid, group->value_or((*user)->gid), {}};
}

} // namespace

Settings make_settings(const std::string& service, const std::vector<std::string>& words,
                       const config::CommonParams& common, const std::string& badmail_directory)
{
    if (words.empty() && badmail_directory.empty())
        base::fatal("no attributes, and badmail_directory is empty");
    const std::vector<std::string> badmail = {base::cat("user=", common.mail_owner()),
                                              base::cat("directory=", badmail_directory)};
    auto attributes = parse_attributes(words.empty() ? badmail : words);
    if (!attributes)
        base::fatal(attributes.error().text);
    Settings settings;
    settings.service = service;
    settings.make_directory = words.empty();
    settings.attributes = std::move(*attributes);
    settings.rights = rights_of(settings.attributes);
    if (auto allowed = delivery::check_rights(settings.rights); !allowed)
        base::fatal(base::cat("user=", settings.attributes.user, ": ", allowed.error().text));
    return settings;
}

std::string envelope_headers(const Deliver& request, std::string_view line_end)
{
    std::string head;
    const auto line = [&](std::string_view name, std::string_view value) {
        base::append(head, name, ": ", base::printable(value, true), line_end);
    };
    line("X-Envelope-From", base::cat("<", mail::quote_address(request.envelope.sender), ">"));
    for (const auto& recipient : request.recipients)
        line("X-Envelope-To", base::cat("<", mail::quote_address(recipient.address), ">"));
    line("X-Queue-ID", request.queue_id);
    line("X-Next-Hop", request.next_hop);
    return head;
}

Task<void> DropAgent::deliver(delivery::Delivery& delivery)
{
    const auto& request = delivery.request();
    mail::Outcome outcome;
    if (request.trace)
        outcome = delivery::outcome_of("2.0.0", "delivers to drop directory");
    else
        outcome = co_await store_message(request);
    outcome.relay = settings_.service;
    delivery.settle_rest(outcome);
    delivery.set_health(ipc::delivery::Health::Ok);
}

Task<mail::Outcome> DropAgent::store_message(const Deliver& request)
{
    delivery::ChildSetup setup;
    setup.rights = settings_.rights;
    setup.limit = delivery_time;
    setup.keep = {request.message.fd.number()};
    std::function<mail::Outcome()> work = [&] { return write(request); };
    auto outcome = co_await delivery::deliver_as(loop_, std::move(setup), std::move(work));
    swept_ = true;
    co_return outcome;
}

// In the child.
mail::Outcome DropAgent::write(const Deliver& request) const
{
    const auto& attributes = settings_.attributes;
    const std::string_view line_end = attributes.crlf ? "\r\n" : "\n";
    const std::string head =
        attributes.envelope ? envelope_headers(request, line_end) : std::string();
    delivery::MessageText text{request.message.fd.number(),
                               request.content.offset,
                               request.content.size,
                               head,
                               {.line_end = std::string(line_end)}};
    if (settings_.make_directory)
        if (auto fault = delivery::make_directories(attributes.directory, 0700); fault)
            return delivery::outcome_of("4.3.0", base::cat("drop failed: ", fault.text));
    if (!swept_)
        remove_leftovers(attributes.directory, 2 * delivery_time);
    return store({attributes.directory, request.queue_id, attributes.mode}, std::move(text));
}

} // namespace drop
