// SPDX-License-Identifier: Apache-2.0
// Delivery to virtual mailboxes; see virtual_agent.h.
#include "local/virtual/virtual_agent.h"

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/maildir.h"
#include "lib/delivery/outcomes.h"

namespace virtual_mail {

using base::Task;

namespace {

// One recipient's delivery with all waiting for locks; the child then undoes what it has done.
constexpr base::Duration delivery_time = std::chrono::minutes(30);

void check_limits(const config::VirtualParams& params)
{
    const auto limit = params.mailbox_limit();
    const auto message = params.message_size_limit();
    if (limit > 0 && message == 0)
        base::fatal("configuration error: virtual_mailbox_limit is limited but message_size_limit "
                    "is unlimited");
    if (limit > 0 && limit < message)
        base::fatal("configuration error: virtual_mailbox_limit is smaller than "
                    "message_size_limit");
}

} // namespace

Settings make_settings(const config::VirtualParams& params, const config::MailboxParams& mailbox,
                       const config::RouteParams& route)
{
    check_limits(params);
    if (!params.mailbox_base().starts_with('/'))
        base::fatal(base::cat("do not specify relative pathname: virtual_mailbox_base = ",
                              params.mailbox_base()));
    const auto styles = delivery::parse_lock_styles(params.mailbox_lock());
    if (!styles)
        base::fatal(base::cat("virtual_mailbox_lock: ", styles.error().text));
    Settings settings;
    settings.map = {params.mailbox_base(), route.virtual_mailbox_maps(), params.uid_maps(),
                    params.gid_maps(),     params.minimum_uid(),         {}};
    settings.map.rules.delimiters = route.recipient_delimiter();
    settings.locks.styles = *styles;
    settings.locks.attempts = static_cast<int>(mailbox.deliver_lock_attempts());
    settings.locks.delay = mailbox.deliver_lock_delay();
    settings.locks.stale = mailbox.stale_lock_time();
    settings.mailbox_limit = static_cast<std::uint64_t>(params.mailbox_limit());
    settings.strict_ownership = mailbox.strict_mailbox_ownership();
    return settings;
}

Task<void> VirtualAgent::deliver(delivery::Delivery& delivery)
{
    refresh_();
    for (std::size_t i = 0; i < delivery.recipients(); ++i) {
        const auto& request = delivery.request();
        mail::Outcome outcome = co_await deliver_to(request, request.recipients[i]);
        outcome.relay = "virtual";
        delivery.settle(i, std::move(outcome));
    }
    delivery.set_health(ipc::delivery::Health::Ok);
}

Task<mail::Outcome> VirtualAgent::deliver_to(const ipc::delivery::Deliver& request,
                                             const mail::Recipient& recipient)
{
    Found found = co_await map_.find(recipient.address);
    if (!found.mailbox)
        co_return std::move(found.refusal);
    if (request.trace)
        co_return delivery::outcome_of(
            "2.0.0", found.mailbox->is_maildir() ? "delivers to maildir" : "delivers to mailbox");
    co_return co_await store(request, recipient, std::move(*found.mailbox));
}

Task<mail::Outcome> VirtualAgent::store(const ipc::delivery::Deliver& request,
                                        const mail::Recipient& recipient, Mailbox mailbox)
{
    delivery::ChildSetup setup;
    setup.rights = {mailbox.uid, mailbox.gid, {}};
    setup.limit = delivery_time;
    setup.keep = {request.message.fd.number()};
    std::function<mail::Outcome()> work = [&] { return write(request, recipient, mailbox); };
    co_return co_await delivery::deliver_as(loop_, std::move(setup), std::move(work));
}

// In the child.
mail::Outcome VirtualAgent::write(const ipc::delivery::Deliver& request,
                                  const mail::Recipient& recipient, const Mailbox& mailbox) const
{
    auto head = delivery::head_lines(request.envelope, recipient, loop_.clock().wall());
    head.from_line = !mailbox.is_maildir();
    delivery::MessageText text{
        request.message.fd.number(), request.content.offset, request.content.size, head.text(), {}};
    if (mailbox.is_maildir())
        return delivery::store_in_maildir({mailbox.path, settings_.mailbox_limit, "4.2.0"},
                                          std::move(text));
    text.rules = delivery::mbox_rules();
    delivery::MboxTarget target;
    target.path = mailbox.path;
    target.locks = settings_.locks;
    target.size_limit = settings_.mailbox_limit;
    if (settings_.strict_ownership)
        target.owner = mailbox.uid;
    target.default_dsn = "4.2.0";
    target.failure_prefix = base::cat("delivery failed to mailbox ", mailbox.path, ": ");
    return delivery::append_to_mbox(target, std::move(text));
}

} // namespace virtual_mail
