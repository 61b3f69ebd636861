// SPDX-License-Identifier: Apache-2.0
// The jail door: working directory, root directory, user. Every failure ends the process, which
// never goes on with more rights than it was meant to have.
#pragma once

#include <optional>
#include <string>

#include "lib/service/sandbox.h"

namespace service {

struct Jail {
    std::string directory; // The queue directory; becomes the working directory.
    bool change_root = false;
    bool drop_user = false;
    std::string user;                // mail_owner
    std::optional<Reach> reach = {}; // With drop_user: what is left after it; nothing said: all.
    std::string group = {};          // Of which the user becomes a member too; empty: of none.
};

void enter_jail(const Jail& jail);

} // namespace service
