// SPDX-License-Identifier: Apache-2.0
// A Disk that holds one file in memory, for tests and fuzz targets that read queue files.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <sys/stat.h>

#include "lib/queue/disk.h"

namespace queue {

class StringDisk final : public Disk {
public:
    std::string bytes;

    Errno pread(int, std::span<char> room, std::uint64_t offset, std::size_t& got) override
    {
        got = offset >= bytes.size() ? 0 : std::min(room.size(), bytes.size() - offset);
        if (got > 0)
            std::memcpy(room.data(), bytes.data() + offset, got);
        return 0;
    }
    Errno pwrite(int, std::string_view what, std::uint64_t offset) override
    {
        bytes.resize(std::max(bytes.size(), static_cast<std::size_t>(offset) + what.size()));
        bytes.replace(offset, what.size(), what);
        ++writes;
        written += what.size();
        return 0;
    }
    Errno status(int, FileStatus& status) override
    {
        status.size = bytes.size();
        status.mode = S_IFREG | 0700;
        status.links = 1;
        return 0;
    }
    void start_sync(int) override {}
    Errno sync(int) override { return 0; }

    Errno create_unnamed(const std::string&, mode_t, base::Fd&) override { return ENOSYS; }
    Errno create(const std::string&, mode_t, base::Fd&) override { return ENOSYS; }
    Errno open(const std::string&, Access, base::Fd&) override { return ENOSYS; }
    Errno write(int, std::span<const std::string_view>) override { return ENOSYS; }
    Errno truncate(int, std::uint64_t) override { return ENOSYS; }
    Errno status(const std::string&, FileStatus&) override { return ENOSYS; }
    Errno set_mode(int, mode_t) override { return ENOSYS; }
    Errno set_modified(const std::string&, base::WallTime) override { return ENOSYS; }
    Errno close(base::Fd&) override { return ENOSYS; }
    Errno sync_directory(const std::string&) override { return ENOSYS; }
    Errno link(int, const std::string&) override { return ENOSYS; }
    Errno link(const std::string&, const std::string&) override { return ENOSYS; }
    Errno rename(const std::string&, const std::string&) override { return ENOSYS; }
    Errno remove(const std::string&) override { return ENOSYS; }
    Errno make_directory(const std::string&, mode_t) override { return ENOSYS; }
    Errno set_owner(const std::string&, uid_t, gid_t) override { return ENOSYS; }
    Errno set_mode(const std::string&, mode_t) override { return ENOSYS; }
    Errno list(const std::string&, std::unique_ptr<DirectoryListing>&) override { return ENOSYS; }
    Errno free_bytes(std::uint64_t&) override { return ENOSYS; }

    unsigned writes = 0;
    std::size_t written = 0;
};

} // namespace queue
