// SPDX-License-Identifier: Apache-2.0
// Opening the queue; see spool.h.
#include "lib/queue/spool.h"

namespace queue {

base::Result<Spool> Spool::open(const std::string& directory, const config::QueueParams& params)
{
    return open(directory, Directories::Options{params.hash_queue_names(),
                                                static_cast<unsigned>(params.hash_queue_depth())});
}

base::Result<Spool> Spool::open(const std::string& directory, Directories::Options options)
{
    auto disk = SystemDisk::open(directory);
    if (!disk)
        return disk.error();
    Directories directories(**disk, std::move(options));
    return Spool{std::move(*disk), std::move(directories)};
}

} // namespace queue
