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
    bool hidden; // Goes no further.
};
constexpr RecipientField recipient_fields[] = {
    {"To", false, false},       {"Cc", false, false},       {"Bcc", false, true},
    {"Resent-To", true, false}, {"Resent-Cc", true, false}, {"Resent-Bcc", true, true},
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
        if (!listed.address.empty())
            to.push_back(std::move(listed.address));
}

} // namespace

std::vector<std::string> addresses_of(std::string_view argument)
{
    std::vector<std::string> found;
    add_addresses(argument, found);
    if (!found.empty())
        return found;
    for (const auto word : base::split(argument, " \t\r\n,")) {
        const std::size_t before = found.size();
        add_addresses(word, found);
        if (found.size() == before)
            found.emplace_back(word); // What it is will be found out; it is not passed over.
    }
    return found;
}

void HeaderRecipients::field(const mail::HeaderField& field)
{
    const auto* known = find_field(field);
    if (known != nullptr) {
        too_long_ = too_long_ || field.truncated;
        resent_ = resent_ || known->resent;
        add_addresses(field.value(), known->resent ? resent_to_ : to_);
    }
    if (known == nullptr || !known->hidden)
        kept_ += field.raw;
}

void HeaderRecipients::feed(std::string_view bytes, std::string& out)
{
    if (in_body_) {
        out += bytes;
        return;
    }
    const std::size_t taken = splitter_.feed(bytes, *this);
    out += kept_;
    kept_.clear();
    in_body_ = splitter_.in_body();
    if (!in_body_)
        return;
    out += "\r\n";
    out += splitter_.held_body();
    out += bytes.substr(taken);
}

void HeaderRecipients::finish(std::string& out)
{
    if (in_body_)
        return;
    splitter_.finish(*this);
    out += kept_;
    kept_.clear();
    if (!splitter_.held_body().empty()) {
        out += "\r\n";
        out += splitter_.held_body();
    }
    in_body_ = true;
}

const std::vector<std::string>& HeaderRecipients::recipients() const
{
    return resent_ ? resent_to_ : to_;
}

} // namespace sendmail
