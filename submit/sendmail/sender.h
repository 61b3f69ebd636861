// SPDX-License-Identifier: Apache-2.0
// Who sends: -f, or the caller; and the caller's name as a person.
#pragma once

#include <string>
#include <string_view>

#include "submit/sendmail/options.h"

namespace sendmail {

// The caller, as the system knows him.
struct Caller {
    std::string login;
    std::string full_name; // The name field, "&" replaced.
};
// A permanent error: this user has no name.
base::Result<Caller> find_caller();

// The sender's address in internal form. Of several the first is taken, with a warning; an argument
// without any, as "<>", stands for the null sender.
std::string sender_address(const Options& options, const Caller& caller);

// -F, $NAME, or the caller's; cut and without control characters, whatever it was.
std::string sender_name(const Options& options, const Caller& caller);

// The name of a person out of the field of /etc/passwd that holds it.
std::string name_of_gecos(std::string_view gecos, std::string_view login);

} // namespace sendmail
