// SPDX-License-Identifier: Apache-2.0
// The queue, open: its disk, and its directories on it, as main.cf has them.
#pragma once

#include <memory>

#include "lib/config/params/queue.h"
#include "lib/queue/directories.h"
#include "lib/queue/system_disk.h"

namespace queue {

struct Spool {
    // `directory` is queue_directory. An error: it cannot be opened.
    static base::Result<Spool> open(const std::string& directory,
                                    const config::QueueParams& params);
    // For those who do not look for a message by its id.
    static base::Result<Spool> open(const std::string& directory, Directories::Options options);

    std::unique_ptr<SystemDisk> disk;
    Directories directories;
};

} // namespace queue
