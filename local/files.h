// SPDX-License-Identifier: Apache-2.0
// Reading .forward and :include: files. Blocking; for the inside of run_as(), or for root's own
// files in the daemon itself. Never waits for a FIFO or a device.
#pragma once

#include <string>
#include <vector>

#include "local/host.h"

namespace local {

// Whose file it has to be, and how others may write to it.
struct FileRules {
    uid_t owner = 0;        // Root's files are good, too.
    std::string owner_name; // Group-writable is good where the group is this user alone.
};

// The first of `paths` that exists: a regular file of the owner's, no link, writable by nobody
// else, in a directory that is not writable for all.
TargetFile read_forward_file(const std::vector<std::string>& paths, const FileRules& rules);

// Whether none of `paths` is there, as far as that can be told; costs little.
bool all_missing(const std::vector<std::string>& paths);

// A file named by :include:, which may be a link to it: regular, and not writable for all. With
// `of_root`, root must own it.
TargetFile read_include_file(const std::string& path, bool of_root);
Host::IncludeOwner find_include_owner(const std::string& path);

// Between a child and its daemon.
std::string encode_file(const TargetFile& file);
TargetFile decode_file(const base::Result<std::string>& said);

} // namespace local
