// SPDX-License-Identifier: Apache-2.0
// Becoming a user for good: what a child does before it touches anything of that user's.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "lib/base/result.h"

namespace delivery {

struct Rights {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> also;    // Supplementary groups; as in Postfix usually none.
    bool roots_mailbox = false; // Root's own mailbox file, the one thing that root writes.
};

// Whether work may be done with these rights at all: never with those of root or of group 0, but
// for root's mailbox.
base::Result<void> check_rights(const Rights& rights);

// Gives up all rights but these, for good, and makes sure that they are gone. The process is in
// an undefined state after an error: it must end. A process that is not root's can only become
// what it is.
base::Result<void> take_rights(const Rights& rights);

// Changes root to `directory`, when there is one; goes before take_rights().
base::Result<void> change_root(const std::string& directory);

} // namespace delivery
