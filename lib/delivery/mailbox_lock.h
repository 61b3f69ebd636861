// SPDX-License-Identifier: Apache-2.0
// Locks on mailbox files, as mail readers on this host know them. Blocking, for the inside of
// run_as().
#pragma once

#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/delivery/safe_file.h"

namespace delivery {

struct LockStyles {
    bool flock = false;
    bool fcntl = false;
    bool dotlock = false;
    bool any() const { return flock || fcntl || dotlock; }
    bool operator==(const LockStyles&) const = default;
};

// The words of mailbox_delivery_lock and virtual_mailbox_lock. A permanent error names the word
// that is none, or says that there is no word.
base::Result<LockStyles> parse_lock_styles(const std::vector<std::string>& words);

struct LockSettings {
    LockStyles styles;
    int attempts = 20;                                // deliver_lock_attempts
    base::Duration delay = std::chrono::seconds(1);   // deliver_lock_delay
    base::Duration stale = std::chrono::seconds(500); // stale_lock_time
    // A dotlock that cannot be made for another reason than that somebody has it is only warned
    // about: for files in directories that the user cannot write.
    bool dotlock_may_fail = false;
};

// Holds the locks on one mailbox; gives them up at its end.
class MailboxLock {
public:
    MailboxLock() = default;
    MailboxLock(const MailboxLock&) = delete;
    MailboxLock& operator=(const MailboxLock&) = delete;
    ~MailboxLock();

    // Takes all locks of `settings` on the open file `fd`, which is `path`. Waits between the
    // attempts. EAGAIN: somebody else has it.
    FileFault take(const std::string& path, int fd, const LockSettings& settings);
    // The same in two steps: the dotlock, which needs no file, and the others.
    FileFault take_name(const std::string& path, const LockSettings& settings);
    FileFault take_file(int fd, const LockSettings& settings);

private:
    FileFault take_dotlock(const std::string& path, const LockSettings& settings);

    std::string dotlock_;
};

} // namespace delivery
