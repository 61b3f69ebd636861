// SPDX-License-Identifier: Apache-2.0
// Variable envelope return paths: each recipient gets the message from a sender of his own, so that
// a notice tells by its address whom it is about. list-owner@origin becomes, for user@domain and
// the delimiters "+=", list-owner+user=domain@origin. Addresses in internal form.
#pragma once

#include <string>
#include <string_view>

#include "lib/mail/envelope.h"

namespace mail {

// Whether these are two characters of `allowed` (verp_delimiter_filter).
bool are_verp_delimiters(std::string_view delimiters, std::string_view allowed);

// The sender of the copy for one recipient, after what the client called him. The null sender and
// "#@[]" stay as they are: what they send must not be answered. `delimiters` are two characters.
std::string verp_sender(std::string_view sender, std::string_view delimiters,
                        const Recipient& recipient);

} // namespace mail
