// SPDX-License-Identifier: Apache-2.0
// Two locks that live as long as master: queue_directory/pid/master.pid, which also tells our
// process id, and data_directory/master.lock. Only the lock counts: a file left behind by a crash
// blocks nobody.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

#include "lib/base/fd.h"

namespace master {

class PidLock {
public:
    // Nothing when another process has the lock. Errors are permanent: the file cannot be opened.
    static base::Result<std::optional<PidLock>> take(const std::string& path);

    // Writes our process id, padded as Postfix does.
    base::Result<void> write_pid(pid_t pid);

    int fd() const { return fd_.number(); }

private:
    explicit PidLock(base::Fd fd) : fd_(std::move(fd)) {}
    base::Fd fd_;
};

} // namespace master
