// SPDX-License-Identifier: Apache-2.0
// Restrictions by the client's address and names.
#include "lib/base/strings.h"
#include "smtpd/policy/checks.h"

namespace smtpd::check {

Step permit_mynetworks(Evaluation& evaluation, const Item& item)
{
    auto listed = co_await evaluation.in_mynetworks();
    if (!listed)
        co_return evaluation.lookup_failed(evaluation.input.client.address);
    co_return *listed ? evaluation.permit(item.name()) : Decision::Dunno;
}

Step permit_inet_interfaces(Evaluation& evaluation, const Item& item)
{
    auto& known = evaluation.session.is_own_interface;
    if (!known) {
        auto address = net::Address::parse(evaluation.input.client.address);
        known = address && evaluation.engine.own.has(*address);
    }
    co_return *known ? evaluation.permit(item.name()) : Decision::Dunno;
}

static Decision name_missing(Evaluation& evaluation, NameStatus status, std::string_view which,
                             std::string_view dsn)
{
    if (status == NameStatus::Ok)
        return Decision::Dunno;
    int code = status == NameStatus::NotFound
                   ? static_cast<int>(evaluation.engine.params.unknown_client_reject_code())
                   : 450;
    std::string text = base::cat("Client host rejected: cannot find your ", which, ", [",
                                 evaluation.input.client.address, "]");
    return evaluation.reject(Evaluation::Refusal{code, dsn, text});
}

Step reject_unknown_client_hostname(Evaluation& evaluation, const Item&)
{
    co_return name_missing(evaluation, evaluation.session.names.forward, "hostname", "4.7.25");
}

Step reject_unknown_reverse_client_hostname(Evaluation& evaluation, const Item&)
{
    co_return name_missing(evaluation, evaluation.session.names.reverse, "reverse hostname",
                           "4.7.25");
}

} // namespace smtpd::check
