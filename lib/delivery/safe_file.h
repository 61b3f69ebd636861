// SPDX-License-Identifier: Apache-2.0
// Files in folders that somebody else may write to: opened without being led elsewhere, written
// whole or not at all. Blocking calls, for the inside of run_as().
#pragma once

#include <cstdint>
#include <string>
#include <sys/stat.h>

#include "lib/base/fd.h"
#include "lib/delivery/local_text.h"

namespace delivery {

// What went wrong: the code of the system, and the text for log and notice. No fault: code 0.
struct FileFault {
    int code = 0;
    std::string text;
    explicit operator bool() const { return code != 0; }
};

struct SafeFile {
    base::Fd fd;
    struct stat status {};
    bool created = false;
    FileFault fault;
    explicit operator bool() const { return !fault; }
};

// Opens `path` for writing at its end, and makes it with `mode` when it is missing and `create` is
// set. Never waits for a FIFO or a device; is no directory, has one link; a symbolic link is only
// followed when root made it in a directory that only root can write. Whether it is a regular file
// is for the caller to see in `status`.
SafeFile open_for_append(const std::string& path, mode_t mode, bool create);

// The status code of a fault with a mailbox: full for now (4.2.0), disk full (4.3.0), over quota or
// limit (5.2.2), else `otherwise`.
std::string mailbox_dsn(int code, const std::string& otherwise);

// Writes the message to `fd`, at most `limit` bytes of it (0: all); ends early when the child is
// told to stop. After a fault what was written is the caller's to undo.
FileFault write_message(int fd, MessageText message, std::uint64_t limit);

// Waits until the file is on disk.
FileFault sync_file(int fd);
// The same for the names in a directory.
FileFault sync_directory(const std::string& path);

// Makes the directory and all that are missing above it, on disk when it returns.
FileFault make_directories(const std::string& path, mode_t mode);

} // namespace delivery
