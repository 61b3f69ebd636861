// SPDX-License-Identifier: Apache-2.0
// See fault_disk.h.
#include "tests/unit/queue/fault_disk.h"

#include <algorithm>
#include <cerrno>

#include "lib/base/file.h"

namespace queue {

int FaultDisk::count(const std::string& name) const
{
    return static_cast<int>(std::count(names_.begin(), names_.end(), name));
}

Errno FaultDisk::fault(const char* name)
{
    const int number = calls();
    names_.emplace_back(name);
    if (fail_at >= 0 && (number == fail_at || (dead_after && number > fail_at)))
        return fail_with;
    return 0;
}

// Inode numbers come back; what their last owner synced does not.
void FaultDisk::forget(const base::Fd& file)
{
    FileStatus status;
    if (real_.status(file.number(), status) == 0)
        durable_content_.erase(status.inode);
}

std::string FaultDisk::content_of(int file)
{
    FileStatus status;
    (void)real_.status(file, status);
    std::string content(status.size, '\0');
    std::size_t got = 0;
    (void)real_.pread(file, content, 0, got);
    return content;
}

FaultDisk::Names FaultDisk::names_in(const std::string& directory)
{
    Names names;
    std::unique_ptr<DirectoryListing> listing;
    std::optional<DirectoryListing::Entry> entry;
    if (real_.list(directory, listing) != 0)
        return names;
    while (listing->next(entry) == 0 && entry) {
        FileStatus status;
        if (!entry->is_directory && real_.status(directory + "/" + entry->name, status) == 0)
            names[entry->name] = status.inode;
    }
    return names;
}

void FaultDisk::crash()
{
    for (const std::string& directory : touched_) {
        for (const auto& [name, inode] : names_in(directory))
            (void)real_.remove(directory + "/" + name);
        for (const auto& [name, inode] : durable_names_[directory]) {
            base::Fd file;
            const std::string_view content[] = {durable_content_[inode]};
            (void)real_.create(directory + "/" + name, 0700, file);
            (void)real_.write(file.number(), content);
        }
    }
}

Errno FaultDisk::create_unnamed(const std::string& directory, mode_t mode, base::Fd& file)
{
    if (const Errno error = fault("create_unnamed"))
        return error;
    if (no_unnamed)
        return EOPNOTSUPP;
    const Errno error = real_.create_unnamed(directory, mode, file);
    forget(file);
    return error;
}

Errno FaultDisk::create(const std::string& path, mode_t mode, base::Fd& file)
{
    if (const Errno error = fault("create"))
        return error;
    touched_.insert(std::string(base::directory_of(path)));
    const Errno error = real_.create(path, mode, file);
    forget(file);
    return error;
}

Errno FaultDisk::open(const std::string& path, Access access, base::Fd& file)
{
    const Errno error = fault("open");
    return error ? error : real_.open(path, access, file);
}

Errno FaultDisk::write(int file, std::span<const std::string_view> parts)
{
    if (const Errno error = fault("write")) {
        // Half of it arrives.
        const std::string_view half[] = {parts.back().substr(0, parts.back().size() / 2)};
        if (!dead_after)
            (void)real_.write(file, half);
        return error;
    }
    return real_.write(file, parts);
}

Errno FaultDisk::pwrite(int file, std::string_view bytes, std::uint64_t offset)
{
    if (const Errno error = fault("pwrite")) {
        if (!dead_after)
            (void)real_.pwrite(file, bytes.substr(0, bytes.size() / 2), offset);
        return error;
    }
    return real_.pwrite(file, bytes, offset);
}

Errno FaultDisk::pread(int file, std::span<char> room, std::uint64_t offset, std::size_t& got)
{
    got = 0;
    const Errno error = fault("pread");
    return error ? error : real_.pread(file, room, offset, got);
}

Errno FaultDisk::truncate(int file, std::uint64_t size)
{
    const Errno error = fault("truncate");
    return error ? error : real_.truncate(file, size);
}

Errno FaultDisk::status(int file, FileStatus& status)
{
    const Errno error = fault("status");
    return error ? error : real_.status(file, status);
}

Errno FaultDisk::status(const std::string& path, FileStatus& status)
{
    const Errno error = fault("status_of_path");
    return error ? error : real_.status(path, status);
}

Errno FaultDisk::set_mode(int file, mode_t mode)
{
    const Errno error = fault("set_mode");
    return error ? error : real_.set_mode(file, mode);
}

Errno FaultDisk::set_modified(const std::string& path, base::WallTime when)
{
    const Errno error = fault("set_modified");
    return error ? error : real_.set_modified(path, when);
}

Errno FaultDisk::sync(int file)
{
    if (const Errno error = fault("sync"))
        return error;
    FileStatus status;
    if (const Errno error = real_.status(file, status))
        return error;
    durable_content_[status.inode] = content_of(file);
    return 0;
}

Errno FaultDisk::close(base::Fd& file)
{
    const Errno error = fault("close");
    const Errno closed = real_.close(file);
    return error ? error : closed;
}

Errno FaultDisk::sync_directory(const std::string& directory)
{
    if (const Errno error = fault("sync_directory"))
        return error;
    durable_names_[directory] = names_in(directory);
    // A rename is one change to two directories: no file system keeps half of it.
    for (const auto& [from, to] : renames_)
        if (from == directory || to == directory) {
            durable_names_[from] = names_in(from);
            durable_names_[to] = names_in(to);
        }
    return 0;
}

Errno FaultDisk::link(int file, const std::string& path)
{
    if (const Errno error = fault("link"))
        return error;
    touched_.insert(std::string(base::directory_of(path)));
    return real_.link(file, path);
}

Errno FaultDisk::link(const std::string& from, const std::string& to)
{
    if (const Errno error = fault("link_path"))
        return error;
    touched_.insert(std::string(base::directory_of(to)));
    return real_.link(from, to);
}

Errno FaultDisk::rename(const std::string& from, const std::string& to)
{
    if (const Errno error = fault("rename"))
        return error;
    const std::string from_directory(base::directory_of(from));
    const std::string to_directory(base::directory_of(to));
    touched_.insert(from_directory);
    touched_.insert(to_directory);
    renames_.emplace_back(from_directory, to_directory);
    return real_.rename(from, to);
}

Errno FaultDisk::remove(const std::string& path)
{
    if (const Errno error = fault("remove"))
        return error;
    touched_.insert(std::string(base::directory_of(path)));
    return real_.remove(path);
}

Errno FaultDisk::make_directory(const std::string& path, mode_t mode)
{
    const Errno error = fault("make_directory");
    return error ? error : real_.make_directory(path, mode);
}

Errno FaultDisk::set_owner(const std::string& path, uid_t owner, gid_t group)
{
    const Errno error = fault("set_owner");
    return error ? error : real_.set_owner(path, owner, group);
}

Errno FaultDisk::set_mode(const std::string& path, mode_t mode)
{
    const Errno error = fault("set_mode_of_path");
    return error ? error : real_.set_mode(path, mode);
}

Errno FaultDisk::list(const std::string& directory, std::unique_ptr<DirectoryListing>& names)
{
    const Errno error = fault("list");
    return error ? error : real_.list(directory, names);
}

Errno FaultDisk::free_bytes(std::uint64_t& bytes)
{
    const Errno error = fault("free_bytes");
    return error ? error : real_.free_bytes(bytes);
}

} // namespace queue
