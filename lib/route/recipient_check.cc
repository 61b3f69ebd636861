// SPDX-License-Identifier: Apache-2.0
// RecipientCheck; see recipient_check.h.
#include "lib/route/recipient_check.h"

#include "lib/base/strings.h"

namespace route {

RecipientCheck::RecipientCheck(table::Tables& tables, const Destinations& destinations)
    : destinations_(destinations),
      canonical_(tables, "canonical_maps", destinations.params().canonical_maps()),
      recipient_canonical_(tables, "recipient_canonical_maps",
                           destinations.params().recipient_canonical_maps()),
      virtual_alias_(tables, "virtual_alias_maps", destinations.params().virtual_alias_maps()),
      local_(tables, "local_recipient_maps", destinations.params().local_recipient_maps()),
      virtual_mailbox_(tables, "virtual_mailbox_maps",
                       destinations.params().virtual_mailbox_maps()),
      relay_(tables, "relay_recipient_maps", destinations.params().relay_recipient_maps())
{
}

// What will be rewritten later exists: whether the result does is seen when it is delivered.
base::Task<base::Result<bool>> RecipientCheck::rewritten(std::string address) const
{
    for (const table::Maps* maps : {&recipient_canonical_, &canonical_, &virtual_alias_}) {
        auto hit = co_await destinations_.find_address(*maps, address);
        if (!hit)
            co_return hit.error();
        if (*hit)
            co_return true;
    }
    co_return false;
}

Listing RecipientCheck::unknown(std::int64_t code, std::string_view table) const
{
    Listing listing{false, static_cast<int>(code), "User unknown"};
    if (destinations_.params().show_user_unknown_table_name())
        base::append(listing.text, " in ", table, " table");
    return listing;
}

base::Task<base::Result<Listing>> RecipientCheck::check(std::string address, Route route) const
{
    const auto& params = destinations_.params();
    Listing known;
    bool fails = route.transport == "error" || route.transport == "retry";
    if (route.bad_syntax || (route.address_class == AddressClass::Default && !fails))
        co_return known;
    auto is_rewritten = co_await rewritten(std::move(address));
    if (!is_rewritten)
        co_return is_rewritten.error();
    if (*is_rewritten)
        co_return known;
    // An address whose delivery is an error by configuration needs no table: what its sender would
    // be told later is said now.
    if (fails && route.address_class != AddressClass::VirtualAlias) {
        int code = route.transport == "error" ? 550 : 450;
        co_return Listing{false, code, route.nexthop};
    }
    const table::Maps* maps = nullptr;
    Listing otherwise;
    switch (route.address_class) {
    case AddressClass::Local:
        maps = &local_;
        otherwise = unknown(params.unknown_local_recipient_reject_code(), "local recipient");
        break;
    case AddressClass::VirtualAlias:
        co_return unknown(params.unknown_virtual_alias_reject_code(), "virtual alias");
    case AddressClass::VirtualMailbox:
        maps = &virtual_mailbox_;
        otherwise = unknown(params.unknown_virtual_mailbox_reject_code(), "virtual mailbox");
        break;
    case AddressClass::Relay:
        maps = &relay_;
        otherwise = unknown(params.unknown_relay_recipient_reject_code(), "relay recipient");
        break;
    case AddressClass::Default: co_return known;
    }
    if (maps->empty())
        co_return known;
    auto hit = co_await destinations_.find_address(*maps, route.recipient);
    if (!hit)
        co_return hit.error();
    co_return *hit ? known : otherwise;
}

} // namespace route
