// SPDX-License-Identifier: Apache-2.0
// SystemDisk: Disk on Linux system calls.
#pragma once

#include "lib/base/fd.h"
#include "lib/base/result.h"
#include "lib/queue/disk.h"

namespace queue {

// The operating system. Safe to use from several threads at once.
class SystemDisk final : public Disk {
public:
    // Opens `queue_directory`, and /proc/self/fd, which link() needs and which is out of reach
    // after chroot: open it in the process that will use it, not before a fork.
    static base::Result<std::unique_ptr<SystemDisk>> open(const std::string& queue_directory);
    // `descriptors` is /proc/self/fd, or none where /proc is not mounted.
    SystemDisk(base::Fd root, base::Fd descriptors)
        : root_(std::move(root)), descriptors_(std::move(descriptors))
    {
    }

    Errno create_unnamed(const std::string& directory, mode_t mode, base::Fd& file) override;
    Errno create(const std::string& path, mode_t mode, base::Fd& file) override;
    Errno open(const std::string& path, Access access, base::Fd& file) override;
    Errno write(int file, std::span<const std::string_view> parts) override;
    Errno pwrite(int file, std::string_view bytes, std::uint64_t offset) override;
    Errno pread(int file, std::span<char> room, std::uint64_t offset, std::size_t& got) override;
    Errno truncate(int file, std::uint64_t size) override;
    Errno status(int file, FileStatus& status) override;
    Errno status(const std::string& path, FileStatus& status) override;
    Errno set_mode(int file, mode_t mode) override;
    Errno set_modified(const std::string& path, base::WallTime when) override;
    void start_sync(int file) override;
    Errno sync(int file) override;
    Errno close(base::Fd& file) override;
    Errno sync_directory(const std::string& directory) override;
    Errno link(int file, const std::string& path) override;
    Errno link(const std::string& from, const std::string& to) override;
    Errno rename(const std::string& from, const std::string& to) override;
    Errno remove(const std::string& path) override;
    Errno make_directory(const std::string& path, mode_t mode) override;
    Errno set_owner(const std::string& path, uid_t owner, gid_t group) override;
    Errno set_mode(const std::string& path, mode_t mode) override;
    Errno list(const std::string& directory, std::unique_ptr<DirectoryListing>& names) override;
    Errno free_bytes(std::uint64_t& bytes) override;

private:
    base::Fd root_;
    base::Fd descriptors_;
};

} // namespace queue
