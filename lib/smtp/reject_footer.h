// SPDX-License-Identifier: Apache-2.0
// Text that the administrator has put after every reply that refuses (smtpd_reject_footer).
#pragma once

#include <string>
#include <string_view>

#include "lib/mail/envelope.h"
#include "lib/smtp/reply.h"

namespace smtp {

// The reply with a footer: the footer's lines, which the two characters \n separate, follow as more
// lines of the reply, each with its code and enhanced code. When the footer begins with \c, its
// first line goes on in the last one of the reply.
Reply with_footer(std::string_view reply, std::string_view footer);

// Where the footer comes from.
class RejectFooter {
public:
    virtual ~RejectFooter() = default;
    // For a reply to this client, now; empty: none.
    virtual std::string text(const mail::Client& client) const = 0;
};

} // namespace smtp
