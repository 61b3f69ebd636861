// SPDX-License-Identifier: Apache-2.0
// The comsat service of this host, which tells users who are logged in of new mail.
#pragma once

#include <cstdint>
#include <string>

namespace local {

// Mail for `user` was put into the mailbox at `offset`. Nobody answers, and nobody need listen.
void tell_biff(const std::string& user, std::int64_t offset);

} // namespace local
