// SPDX-License-Identifier: Apache-2.0
// Disk: the border between the queue and the operating system. Each call is one system call or
// little more, so that a test can fail every one of them. Paths are relative to the queue
// directory, which stays open, so that they mean the same after chroot. No call follows a
// symbolic link in the last part of a path.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"

namespace queue {

// 0, or the errno of the call that failed. Callers decide by it (EEXIST, ENOENT, EOPNOTSUPP).
using Errno = int;

struct FileStatus {
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::uint64_t links = 0;
    base::WallTime modified{};
    mode_t mode = 0; // Type and permission bits.
    uid_t owner = 0;
    gid_t group = 0;
};

enum class Access : std::uint8_t { Read, ReadWrite };

// The names in a directory, one by one, "." and ".." left out. A directory of a million files
// costs no more memory than one of ten.
class DirectoryListing {
public:
    virtual ~DirectoryListing() = default;
    // Nothing at the end. What is neither a file nor a directory is reported as neither.
    struct Entry {
        std::string name;
        bool is_directory = false;
    };
    virtual Errno next(std::optional<Entry>& entry) = 0;
};

class Disk {
public:
    virtual ~Disk() = default;

    // A file without a name in `directory`; EOPNOTSUPP or EISDIR where the file system has none.
    virtual Errno create_unnamed(const std::string& directory, mode_t mode, base::Fd& file) = 0;
    virtual Errno create(const std::string& path, mode_t mode, base::Fd& file) = 0; // O_EXCL
    virtual Errno open(const std::string& path, Access access, base::Fd& file) = 0;

    // All of the parts (at most 8), in order, where the last write ended. Short writes are
    // continued.
    virtual Errno write(int file, std::span<const std::string_view> parts) = 0;
    virtual Errno pwrite(int file, std::string_view bytes, std::uint64_t offset) = 0;
    // Less than asked only at the end of the file.
    virtual Errno pread(int file, std::span<char> room, std::uint64_t offset, std::size_t& got) = 0;
    virtual Errno truncate(int file, std::uint64_t size) = 0;
    virtual Errno status(int file, FileStatus& status) = 0;
    virtual Errno status(const std::string& path, FileStatus& status) = 0;
    virtual Errno set_mode(int file, mode_t mode) = 0;
    virtual Errno set_modified(const std::string& path, base::WallTime when) = 0;

    // Begins to write what sync() will wait for, and does not wait. Only a hint: errors show in
    // sync().
    virtual void start_sync(int file) = 0;
    virtual Errno sync(int file) = 0;
    virtual Errno close(base::Fd& file) = 0;
    virtual Errno sync_directory(const std::string& directory) = 0;

    // Gives an open file (made by create_unnamed) a name.
    virtual Errno link(int file, const std::string& path) = 0;
    // A second name for a named file.
    virtual Errno link(const std::string& from, const std::string& to) = 0;
    virtual Errno rename(const std::string& from, const std::string& to) = 0;
    virtual Errno remove(const std::string& path) = 0;

    virtual Errno make_directory(const std::string& path, mode_t mode) = 0;
    virtual Errno set_owner(const std::string& path, uid_t owner, gid_t group) = 0;
    virtual Errno set_mode(const std::string& path, mode_t mode) = 0;
    virtual Errno list(const std::string& directory, std::unique_ptr<DirectoryListing>& names) = 0;
    virtual Errno free_bytes(std::uint64_t& bytes) = 0;
};

} // namespace queue
