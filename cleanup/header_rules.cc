// SPDX-License-Identifier: Apache-2.0
// Header rules; see header_rules.h.
#include "cleanup/header_rules.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace cleanup {

namespace {

using namespace field_kind;

struct KnownField {
    std::string_view name;
    std::uint32_t kind;
};
constexpr KnownField known_fields[] = {
    {"Received", received},
    {"From", sender | from},
    {"To", recipient | visible_recipient},
    {"Cc", recipient | visible_recipient},
    {"Bcc", recipient},
    {"Date", date},
    {"Message-Id", message_id},
    {"Reply-To", sender},
    {"Sender", sender},
    {"Errors-To", sender},
    {"Return-Path", sender},
    {"Return-Receipt-To", sender},
    {"Disposition-Notification-To", sender},
    {"Mail-Followup-To", sender},
    {"Apparently-To", recipient},
    {"Resent-From", resent | sender | resent_from},
    {"Resent-Sender", resent | sender},
    {"Resent-To", resent | recipient | visible_recipient},
    {"Resent-Cc", resent | recipient | visible_recipient},
    {"Resent-Bcc", resent | recipient},
    {"Resent-Reply-To", resent | recipient},
    {"Resent-Date", resent | resent_date},
    {"Resent-Message-Id", resent | resent_message_id},
};

std::uint32_t kind_of(std::string_view name)
{
    for (const auto& known : known_fields)
        if (base::iequals(known.name, name))
            return known.kind;
    return 0;
}

} // namespace

bool HeaderRules::is_dropped(std::string_view name) const
{
    return std::any_of(drop_.begin(), drop_.end(),
                       [&](const auto& dropped) { return base::iequals(dropped, name); });
}

void HeaderRules::note(const mail::HeaderField& field, std::uint32_t kind)
{
    seen_ |= kind;
    received_count_ += (kind & received) != 0;
    if ((kind & message_id) != 0)
        log_.info("message-id=", base::trim(field.unfolded()));
    else if ((kind & resent_message_id) != 0)
        log_.info("resent-message-id=", base::trim(field.unfolded()));
}

void HeaderRules::field(const mail::HeaderField& field)
{
    const std::uint32_t kind = kind_of(field.name);
    note(field, kind);
    if (is_dropped(field.name))
        return;
    // Blanks before the colon go away (RFC 5322 4.5 has them, 2.2 has not): what filters see under
    // a name is then what every reader finds under it.
    const std::string_view colon_on =
        field.raw.substr(std::min(field.raw.find(':'), field.raw.size()));
    const std::size_t start = kept_.text.size();
    kept_.text.append(field.name).append(colon_on);
    if ((kind & (sender | recipient)) != 0)
        kept_.addressed.push_back(
            {start, kept_.text.size() - start,
             (kind & sender) != 0 ? Role::HeaderSender : Role::HeaderRecipient});
}

} // namespace cleanup
