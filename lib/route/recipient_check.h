// SPDX-License-Identifier: Apache-2.0
// RecipientCheck: whether an address of ours exists, as far as tables tell. What the SMTP server
// asks before it takes a recipient (reject_unlisted_recipient), and for senders
// (reject_unlisted_sender).
#pragma once

#include <string>

#include "lib/route/router.h"

namespace route {

struct Listing {
    bool known = true;
    // For the reply when it is not: 550, "User unknown in local recipient table". The text may
    // begin with an enhanced status code.
    int code = 0;
    std::string text;

    bool operator==(const Listing&) const = default;
};

class RecipientCheck {
public:
    // `destinations` outlives it. Opens tables.
    RecipientCheck(table::Tables& tables, const Destinations& destinations);

    // `address` is what the client said, `route` what Router made of it. An error is temporary: a
    // table could not be asked, and the reply is 451.
    base::Task<base::Result<Listing>> check(std::string address, Route route) const;

private:
    base::Task<base::Result<bool>> rewritten(std::string address) const;
    Listing unknown(std::int64_t code, std::string_view table) const;

    const Destinations& destinations_;
    table::Maps canonical_;
    table::Maps recipient_canonical_;
    table::Maps virtual_alias_;
    table::Maps local_;
    table::Maps virtual_mailbox_;
    table::Maps relay_;
};

} // namespace route
