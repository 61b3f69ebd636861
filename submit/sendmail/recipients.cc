// SPDX-License-Identifier: Apache-2.0
// Recipients; see recipients.h.
#include "submit/sendmail/recipients.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/address_list.h"

namespace sendmail {

namespace {

// All of it is looked at: the field's size is the limit.
constexpr std::size_t token_limit = header_field_limit;

struct RecipientField {
    std::string_view name;
    bool resent;
};
constexpr RecipientField recipient_fields[] = {
    {"To", false},       {"Cc", false},       {"Bcc", false},
    {"Resent-To", true}, {"Resent-Cc", true}, {"Resent-Bcc", true},
};

const RecipientField* find_field(const mail::HeaderField& field)
{
    const auto* found = std::find_if(std::begin(recipient_fields), std::end(recipient_fields),
                                     [&](const auto& known) { return field.is(known.name); });
    return found == std::end(recipient_fields) ? nullptr : found;
}

void add_addresses(std::string_view text, std::vector<std::string>& to)
{
    for (auto& listed : mail::find_addresses(text, token_limit))
        to.push_back(std::move(listed.address));
}

} // namespace

std::vector<std::string> addresses_of(std::string_view argument)
{
    std::vector<std::string> found;
    add_addresses(argument, found);
    return found;
}

void HeaderRecipients::field(const mail::HeaderField& field)
{
    const auto* known = find_field(field);
    if (known == nullptr)
        return;
    too_long_ = too_long_ || field.truncated;
    resent_ = resent_ || known->resent;
    add_addresses(field.value(), known->resent ? resent_to_ : to_);
}

void HeaderRecipients::feed(std::string_view bytes)
{
    if (!splitter_.in_body())
        splitter_.feed(bytes, *this);
}

void HeaderRecipients::finish()
{
    if (!splitter_.in_body())
        splitter_.finish(*this);
}

const std::vector<std::string>& HeaderRecipients::recipients() const
{
    return resent_ ? resent_to_ : to_;
}

} // namespace sendmail
