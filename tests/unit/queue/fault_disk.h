// SPDX-License-Identifier: Apache-2.0
// A Disk that fails on demand, and that can lose everything that was not synced, as a machine does
// whose power goes. It works on a real directory underneath.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/queue/disk.h"

namespace queue {

class FaultDisk final : public Disk {
public:
    explicit FaultDisk(Disk& real) : real_(real) {}

    // The call of this number (from 0) fails; -1: none does.
    int fail_at = -1;
    Errno fail_with = 5; // EIO
    // From the failing call on, nothing reaches the disk any more.
    bool dead_after = false;
    // There is no O_TMPFILE.
    bool no_unnamed = false;

    int calls() const { return static_cast<int>(names_.size()); }
    const std::vector<std::string>& names() const { return names_; }
    int count(const std::string& name) const;

    // Puts the directories back to what was synced: names as of the last sync of the directory,
    // content as of the last sync of the file, empty if there was none.
    void crash();

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
    void start_sync(int file) override { real_.start_sync(file); }
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
    using Names = std::map<std::string, std::uint64_t>; // Name to inode.

    Errno fault(const char* name);
    void forget(const base::Fd& file);
    std::string content_of(int file);
    Names names_in(const std::string& directory);

    Disk& real_;
    std::vector<std::string> names_;
    std::map<std::uint64_t, std::string> durable_content_;
    std::map<std::string, Names> durable_names_;
    std::set<std::string> touched_; // Directories in which something changed.
    std::vector<std::pair<std::string, std::string>> renames_;
};

} // namespace queue
