// SPDX-License-Identifier: Apache-2.0
// local_login_sender_maps: tables from login names to the envelope senders that they may use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace postdrop {

struct SenderRule {
    std::vector<std::string> tables = {"static:*"};
    std::string null_sender; // empty_address_local_login_sender_maps_lookup_key
    std::string delimiters;  // recipient_delimiter

    // Whether everybody may use any sender, so that no table need be opened.
    bool allows_all() const;

    // Whether `login` may use `sender`. A permanent error: no; a temporary one: the tables do not
    // say. Waits for them.
    base::Result<void> check(const std::string& login, const std::string& sender) const;

    // Whether one of the patterns fits: * for all, the null sender's key, @domain, or an address;
    // of the sender, what follows a delimiter does not count.
    bool fits(std::string_view patterns, std::string_view sender) const;
};

// Login name of the caller, or "uid:" and his number.
std::string login_name();

} // namespace postdrop
