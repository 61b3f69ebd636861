// SPDX-License-Identifier: Apache-2.0
// Storing a message in a Maildir. Blocks; called in a child that has the user's rights (child.h),
// never in a daemon.
#pragma once

#include <cstdint>
#include <string>

#include "lib/delivery/local_text.h"
#include "lib/mail/outcome.h"

namespace delivery {

struct MaildirTarget {
    std::string directory;             // Ends in a slash. What is missing is made, mode 0700.
    std::uint64_t size_limit = 0;      // Bytes of one message; 0: no limit.
    std::string default_dsn = "4.2.0"; // Of faults that are no matter of room: 4.2.0 or 5.2.0.
};

// Sent, once the message has a name in new/ and file and name are on disk; a file that is not whole
// never gets there.
mail::Outcome store_in_maildir(const MaildirTarget& target, MessageText message);

} // namespace delivery
