// SPDX-License-Identifier: Apache-2.0
// Header rules; see header_rules.h.
#include "cleanup/header_rules.h"

#include <algorithm>
#include <array>

#include "lib/base/strings.h"

namespace cleanup {

// Longer ids are cut in the log and when kept here.
static constexpr std::size_t message_id_limit = 1000;

static constexpr std::array<std::string_view, 6> recipient_fields = {
    "To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"};

bool HeaderRules::is_dropped(std::string_view name) const
{
    return std::any_of(drop_.begin(), drop_.end(),
                       [&](const auto& dropped) { return base::iequals(dropped, name); });
}

void HeaderRules::note(const mail::HeaderField& field)
{
    std::string_view name = field.name;
    for (auto recipient : recipient_fields)
        has_recipient_ = has_recipient_ || base::iequals(recipient, name);
    resent_ = resent_ || base::istarts_with(name, "Resent-");
    has_date_ = has_date_ || base::iequals(name, "Date");
    has_from_ = has_from_ || base::iequals(name, "From");
    if (base::iequals(name, "Received"))
        ++received_count_;
    else if (base::iequals(name, "Message-Id") && message_id_.empty())
        message_id_ = base::trim(field.unfolded().substr(0, message_id_limit));
    else if (base::iequals(name, "Resent-Message-Id") && resent_id_.empty())
        resent_id_ = base::trim(field.unfolded().substr(0, message_id_limit));
}

void HeaderRules::field(const mail::HeaderField& field)
{
    note(field);
    if (!is_dropped(field.name))
        kept_.append(field.raw);
}

} // namespace cleanup
