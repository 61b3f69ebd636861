// SPDX-License-Identifier: Apache-2.0
// Whole files and locks, done safely.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

#include "lib/base/fd.h"

namespace base {

// Reads a whole regular file of at most `limit` bytes. Larger ones are a permanent error, a missing
// one is a permanent error whose text ends in "No such file or directory".
Result<std::string> read_file(const std::string& path, std::size_t limit);

// Replaces `path` so that a crash leaves the old or the new content, never a mixture: temporary
// file in the same directory, fsync, rename, fsync of the directory.
Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode);

// Writes all of `bytes`, over short writes and EINTR.
Result<void> write_all(int fd, std::string_view bytes);

// Takes an exclusive advisory lock (flock) without waiting. False when another process has it.
Result<bool> try_lock(int fd);

Result<Fd> open_directory(const std::string& path);

// The directory part of a path ("." when there is none), and the last part.
std::string_view directory_of(std::string_view path);
std::string_view base_name(std::string_view path);

} // namespace base
