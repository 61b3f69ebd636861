// SPDX-License-Identifier: Apache-2.0
// One message as one file of a directory. Blocks; called in a child that has the user's rights.
#pragma once

#include <string>
#include <sys/types.h>

#include "lib/delivery/local_text.h"
#include "lib/mail/outcome.h"

namespace drop {

struct Target {
    std::string directory;
    std::string name; // Of the file, without ".eml"; a number is added when somebody has it.
    mode_t mode = 0600;
};

// Sent, once the file has its name and both are on disk. Nobody sees a part of it: it is written
// under a name that begins with a dot.
mail::Outcome store(const Target& target, delivery::MessageText message);

// Removes what deliveries that were killed have left in a directory: files of this user with a name
// of store()'s making that nobody has written to for so long.
void remove_leftovers(const std::string& directory, base::Duration age);

} // namespace drop
