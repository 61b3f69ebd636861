// SPDX-License-Identifier: Apache-2.0
// Whose headers are completed; see rewrite_clients.h.
#include "smtpd/rewrite_clients.h"

#include "lib/base/log.h"

namespace smtpd {

RewriteClients::RewriteClients(table::Tables& tables, const std::vector<std::string>& elements,
                               Lists lists)
    : lists_(lists)
{
    static constexpr std::string_view title = "local_header_rewrite_clients";
    std::vector<std::string> specs;
    for (const auto& element : elements) {
        if (element == "permit_inet_interfaces")
            own_interfaces_ = true;
        else if (element == "permit_mynetworks")
            networks_ = true;
        else if (table::is_table_name(element))
            specs.push_back(element);
        else if (element != "check_address_map" && element != "permit_sasl_authenticated" &&
                 element != "permit_tls_clientcerts" && element != "permit_tls_all_clientcerts")
            base::Log{}.warning(title, ": unknown element: ", element);
    }
    maps_ = table::Maps(tables, std::string(title), specs);
}

base::Task<bool> RewriteClients::has(mail::Client client) const
{
    auto address = net::Address::parse(client.address);
    if (own_interfaces_ && address && lists_.own.has(*address))
        co_return true;
    if (networks_) {
        auto listed = co_await lists_.mynetworks.match(client.name, client.address);
        if (listed && *listed)
            co_return true;
    }
    if (maps_.empty())
        co_return false;
    auto found = co_await maps_.find(client.address);
    if (!found)
        base::Log{}.warning(maps_.title(), ": ", found.error().text);
    co_return found && found->has_value();
}

} // namespace smtpd
