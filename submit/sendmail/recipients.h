// SPDX-License-Identifier: Apache-2.0
// Who receives: the arguments of the command line, and with -t the address fields of the header.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/mail/header.h"

namespace sendmail {

// The addresses of one argument, in internal form: "a@b", "Name <a@b>", "a@b, c@d".
std::vector<std::string> addresses_of(std::string_view argument);

// One field of the header, at most; with it a recipient would be lost, so that more is refused.
inline constexpr std::size_t header_field_limit = 16U << 20;

// Looks at the header of a message as it goes by (-t), and collects recipients. Where the message
// was resent, the fields of that sending count alone. That Bcc fields go no further is cleanup's
// business (message_drop_headers).
class HeaderRecipients final : public mail::HeaderSink {
public:
    void feed(std::string_view bytes);
    void finish();

    // Once the header is over.
    const std::vector<std::string>& recipients() const;
    // Some field was larger than header_field_limit.
    bool too_long() const { return too_long_; }

    void field(const mail::HeaderField& field) override;

private:
    mail::HeaderSplitter splitter_{header_field_limit};
    std::vector<std::string> to_;
    std::vector<std::string> resent_to_;
    bool resent_ = false;
    bool too_long_ = false;
};

} // namespace sendmail
