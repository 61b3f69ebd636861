// SPDX-License-Identifier: Apache-2.0
// Restrictions by sender and recipient: relaying, addresses that do not exist, domains that do not.
#include "lib/base/strings.h"
#include "lib/mail/domain.h"
#include "smtpd/policy/access_result.h"
#include "smtpd/policy/checks.h"

namespace smtpd::check {

using route::AddressClass;

// Whether mail for the recipient is for us to relay; nothing: that cannot be known now.
static base::Task<std::optional<bool>> is_authorized(Evaluation& evaluation)
{
    auto route = co_await evaluation.recipient_route();
    if (!route)
        co_return std::nullopt;
    const bool untrusted = evaluation.engine.params.allow_untrusted_routing();
    co_return route::is_authorized_destination(**route, untrusted);
}

Step permit_auth_destination(Evaluation& evaluation, const Item& item)
{
    if (evaluation.input.recipient.empty())
        co_return Decision::Dunno;
    const auto ours = co_await is_authorized(evaluation);
    if (!ours)
        co_return evaluation.lookup_failed(evaluation.input.recipient);
    co_return *ours ? evaluation.permit(item.name()) : Decision::Dunno;
}

static Step refuse_unauth(Evaluation& evaluation, int code)
{
    if (evaluation.input.recipient.empty())
        co_return Decision::Dunno;
    const auto ours = co_await is_authorized(evaluation);
    if (!ours)
        co_return evaluation.lookup_failed(evaluation.input.recipient);
    if (*ours)
        co_return Decision::Dunno;
    std::string text = base::cat("<", evaluation.input.recipient, ">: Relay access denied");
    co_return evaluation.reject(Evaluation::Refusal{code, "5.7.1", text});
}

Step reject_unauth_destination(Evaluation& evaluation, const Item&)
{
    return refuse_unauth(evaluation,
                         static_cast<int>(evaluation.engine.params.relay_domains_reject_code()));
}

Step defer_unauth_destination(Evaluation& evaluation, const Item&)
{
    auto code = static_cast<int>(evaluation.engine.params.relay_domains_reject_code());
    return refuse_unauth(evaluation, 400 + code % 100);
}

static Step refuse_unlisted(Evaluation& evaluation, Subject of, const std::string& address,
                            const route::Route& route)
{
    auto listing = co_await evaluation.engine.recipients.check(address, route);
    if (!listing)
        co_return evaluation.lookup_failed(address);
    std::string_view dsn = of == Subject::Sender ? "5.1.0" : "5.1.1";
    if (listing->known)
        co_return Decision::Dunno;
    std::string_view text = split_dsn(listing->text, dsn);
    co_return evaluation.reject(of, listing->code, dsn, text);
}

Step reject_unlisted_sender(Evaluation& evaluation, const Item&)
{
    evaluation.session.sender_checked = true;
    if (!evaluation.has_sender() || evaluation.sender().empty())
        co_return Decision::Dunno;
    auto route = co_await evaluation.sender_route();
    if (!route)
        co_return evaluation.lookup_failed(evaluation.sender());
    co_return co_await refuse_unlisted(evaluation, Subject::Sender, evaluation.sender(), **route);
}

Step reject_unlisted_recipient(Evaluation& evaluation, const Item&)
{
    evaluation.recipient_checked = true;
    std::string address(evaluation.input.recipient);
    if (address.empty())
        co_return Decision::Dunno;
    auto route = co_await evaluation.recipient_route();
    if (!route)
        co_return evaluation.lookup_failed(address);
    co_return co_await refuse_unlisted(evaluation, Subject::Recipient, address, **route);
}

static Decision refuse_non_fqdn(Evaluation& evaluation, Subject of, std::string_view address)
{
    std::string_view domain = table::split_address(address).domain;
    if (domain.starts_with('[') && domain.ends_with(']'))
        return Decision::Dunno;
    if (domain.ends_with('.') && !domain.ends_with(".."))
        domain.remove_suffix(1);
    if (mail::is_hostname(domain, true) && domain.find('.') != std::string_view::npos)
        return Decision::Dunno;
    int code = static_cast<int>(evaluation.engine.params.non_fqdn_reject_code());
    return evaluation.reject(of, code, "5.5.2", "need fully-qualified address");
}

Step reject_non_fqdn_sender(Evaluation& evaluation, const Item&)
{
    if (!evaluation.has_sender() || evaluation.sender().empty())
        co_return Decision::Dunno;
    co_return refuse_non_fqdn(evaluation, Subject::Sender, evaluation.sender());
}

Step reject_non_fqdn_recipient(Evaluation& evaluation, const Item&)
{
    std::string_view address = evaluation.input.recipient;
    if (address.empty() || base::iequals(address, "postmaster"))
        co_return Decision::Dunno;
    co_return refuse_non_fqdn(evaluation, Subject::Recipient, address);
}

static Step refuse_unknown_domain(Evaluation& evaluation, Subject of, const route::Route& route)
{
    bool is_final = route.address_class == AddressClass::Local ||
                    route.address_class == AddressClass::VirtualAlias ||
                    route.address_class == AddressClass::VirtualMailbox;
    std::string domain(table::split_address(route.recipient).domain);
    if (is_final || domain.empty() || domain.starts_with('['))
        co_return Decision::Dunno;
    Existence existence = co_await evaluation.engine.world.mail_domain(domain);
    bool is_sender = of == Subject::Sender;
    std::string_view dsn = is_sender ? "4.1.8" : "4.1.2";
    const auto& params = evaluation.engine.params;
    switch (existence) {
    case Existence::Found: break;
    case Existence::NullMx:
        co_return evaluation.reject(of, is_sender ? 550 : 556, is_sender ? "4.7.27" : "4.1.10",
                                    base::cat("Domain ", domain, " does not accept mail (nullMX)"));
    case Existence::NotFound:
        co_return evaluation.reject(of, static_cast<int>(params.unknown_address_reject_code()), dsn,
                                    "Domain not found");
    case Existence::TryAgain:
        co_return evaluation.defer_unless_rejected(of, {450, dsn, "Domain not found"},
                                                   params.unknown_address_tempfail_action());
    }
    co_return Decision::Dunno;
}

Step reject_unknown_sender_domain(Evaluation& evaluation, const Item&)
{
    if (!evaluation.has_sender() || evaluation.sender().empty())
        co_return Decision::Dunno;
    auto route = co_await evaluation.sender_route();
    if (!route)
        co_return evaluation.lookup_failed(evaluation.sender());
    co_return co_await refuse_unknown_domain(evaluation, Subject::Sender, **route);
}

Step reject_unknown_recipient_domain(Evaluation& evaluation, const Item&)
{
    if (evaluation.input.recipient.empty())
        co_return Decision::Dunno;
    auto route = co_await evaluation.recipient_route();
    if (!route)
        co_return evaluation.lookup_failed(evaluation.input.recipient);
    co_return co_await refuse_unknown_domain(evaluation, Subject::Recipient, **route);
}

} // namespace smtpd::check
