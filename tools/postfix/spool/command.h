// SPDX-License-Identifier: Apache-2.0
// postfix import-queue DIRECTORY [queue ...]: takes over the queue of a Postfix.
#pragma once

#include <string>
#include <vector>

#include "lib/config/params/common.h"
#include "lib/config/params/queue.h"

namespace spool {

struct ImportRequest {
    const config::CommonParams& common;
    const config::QueueParams& queue;
    std::string pid_file;           // master's, relative to a queue directory.
    std::string data_index;         // Path of the queue index.
    std::vector<std::string> words; // After the command's name.
};

// Runs as root, and becomes the queue's owner for good. The exit status: 0 when nothing was left.
int import_queue(const ImportRequest& request);

// How many files in the queues look like Postfix's: a start would put them into corrupt. Looks at
// the first few of each queue only.
std::size_t foreign_messages(const std::string& queue_directory);

} // namespace spool
