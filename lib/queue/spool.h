// SPDX-License-Identifier: Apache-2.0
// The queue, open: its disk, and its directories on it.
#pragma once

#include <memory>

#include "lib/queue/directories.h"
#include "lib/queue/disk.h"

namespace queue {

struct Spool {
    // `directory` is queue_directory. An error: it cannot be opened.
    static base::Result<Spool> open(const std::string& directory, Directories::Options options);

    std::unique_ptr<SystemDisk> disk;
    Directories directories;
};

} // namespace queue
