// SPDX-License-Identifier: Apache-2.0
// Disk on Linux system calls; see system_disk.h.
#include "lib/queue/system_disk.h"

#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"

namespace queue {

namespace {

Errno result_of(int returned)
{
    return returned < 0 ? errno : 0;
}

void fill(FileStatus& to, const struct stat& from)
{
    to.inode = from.st_ino;
    to.size = static_cast<std::uint64_t>(from.st_size);
    to.links = from.st_nlink;
    to.modified = base::from_unix_microseconds(from.st_mtim.tv_sec * 1'000'000LL +
                                               from.st_mtim.tv_nsec / 1000);
    to.mode = from.st_mode;
    to.owner = from.st_uid;
    to.group = from.st_gid;
}

Errno open_at(int root, const std::string& path, int flags, mode_t mode, base::Fd& file)
{
    file = base::Fd{::openat(root, path.c_str(), flags | O_CLOEXEC, mode)};
    return file ? 0 : errno;
}

class SystemListing final : public DirectoryListing {
public:
    explicit SystemListing(DIR* directory) : directory_(directory) {}
    ~SystemListing() override { ::closedir(directory_); }
    SystemListing(const SystemListing&) = delete;
    SystemListing& operator=(const SystemListing&) = delete;

    Errno next(std::optional<Entry>& entry) override
    {
        entry.reset();
        while (true) {
            errno = 0;
            const dirent* found = ::readdir(directory_);
            if (found == nullptr)
                return errno;
            const std::string_view name = found->d_name;
            if (name == "." || name == "..")
                continue;
            entry = Entry{std::string(name), is_directory(*found)};
            return 0;
        }
    }

private:
    bool is_directory(const dirent& entry) const
    {
        if (entry.d_type != DT_UNKNOWN)
            return entry.d_type == DT_DIR;
        struct stat status {};
        return ::fstatat(::dirfd(directory_), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
               S_ISDIR(status.st_mode);
    }

    DIR* directory_;
};

// The most parts of one writev(); callers have two or three.
constexpr std::size_t most_parts = 8;

} // namespace

base::Result<std::unique_ptr<SystemDisk>> SystemDisk::open(const std::string& queue_directory)
{
    auto root = base::open_directory(queue_directory);
    if (!root)
        return root.error();
    base::Fd descriptors{::open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    return std::make_unique<SystemDisk>(std::move(root).value(), std::move(descriptors));
}

Errno SystemDisk::create_unnamed(const std::string& directory, mode_t mode, base::Fd& file)
{
    if (!descriptors_)
        return EOPNOTSUPP;
    return open_at(root_.number(), directory, O_TMPFILE | O_RDWR, mode, file);
}

Errno SystemDisk::create(const std::string& path, mode_t mode, base::Fd& file)
{
    return open_at(root_.number(), path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, mode, file);
}

Errno SystemDisk::open(const std::string& path, Access access, base::Fd& file)
{
    // O_NONBLOCK: a FIFO that somebody put there must not stop us.
    const int how = access == Access::Read ? O_RDONLY : O_RDWR;
    return open_at(root_.number(), path, how | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0, file);
}

Errno SystemDisk::write(int file, std::span<const std::string_view> parts)
{
    iovec vector[most_parts];
    std::size_t count = 0;
    for (const std::string_view part : parts)
        if (!part.empty() && count < most_parts)
            vector[count++] = {const_cast<char*>(part.data()), part.size()};
    iovec* first = vector;
    while (count > 0) {
        const ssize_t put = ::writev(file, first, static_cast<int>(count));
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno;
        auto left = static_cast<std::size_t>(put);
        for (; count > 0 && left >= first->iov_len; ++first, --count)
            left -= first->iov_len;
        if (count > 0)
            *first = {static_cast<char*>(first->iov_base) + left, first->iov_len - left};
    }
    return 0;
}

Errno SystemDisk::pwrite(int file, std::string_view bytes, std::uint64_t offset)
{
    while (!bytes.empty()) {
        const ssize_t put = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno;
        bytes.remove_prefix(static_cast<std::size_t>(put));
        offset += static_cast<std::uint64_t>(put);
    }
    return 0;
}

Errno SystemDisk::pread(int file, std::span<char> room, std::uint64_t offset, std::size_t& got)
{
    got = 0;
    while (got < room.size()) {
        const ssize_t read =
            ::pread(file, room.data() + got, room.size() - got, static_cast<off_t>(offset + got));
        if (read < 0 && errno == EINTR)
            continue;
        if (read < 0)
            return errno;
        if (read == 0)
            return 0;
        got += static_cast<std::size_t>(read);
    }
    return 0;
}

Errno SystemDisk::truncate(int file, std::uint64_t size)
{
    return result_of(::ftruncate(file, static_cast<off_t>(size)));
}

Errno SystemDisk::status(int file, FileStatus& status)
{
    struct stat found {};
    if (::fstat(file, &found) != 0)
        return errno;
    fill(status, found);
    return 0;
}

Errno SystemDisk::status(const std::string& path, FileStatus& status)
{
    struct stat found {};
    if (::fstatat(root_.number(), path.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0)
        return errno;
    fill(status, found);
    return 0;
}

Errno SystemDisk::set_mode(int file, mode_t mode)
{
    return result_of(::fchmod(file, mode));
}

Errno SystemDisk::set_modified(const std::string& path, base::WallTime when)
{
    const long long us = base::unix_microseconds(when);
    const timespec times[2] = {{0, UTIME_OMIT}, {us / 1'000'000, us % 1'000'000 * 1000}};
    return result_of(::utimensat(root_.number(), path.c_str(), times, AT_SYMLINK_NOFOLLOW));
}

void SystemDisk::start_sync(int file)
{
    (void)::sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
}

Errno SystemDisk::sync(int file)
{
    return result_of(::fsync(file));
}

Errno SystemDisk::close(base::Fd& file)
{
    // Whatever close() says, the descriptor is gone.
    return result_of(::close(file.release()));
}

Errno SystemDisk::sync_directory(const std::string& directory)
{
    base::Fd file;
    if (const Errno error =
            open_at(root_.number(), directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, file))
        return error;
    return result_of(::fsync(file.number()));
}

Errno SystemDisk::link(int file, const std::string& path)
{
    // AT_EMPTY_PATH would need a capability; the way through /proc does not.
    char name[16];
    std::snprintf(name, sizeof name, "%d", file);
    return result_of(
        ::linkat(descriptors_.number(), name, root_.number(), path.c_str(), AT_SYMLINK_FOLLOW));
}

Errno SystemDisk::link(const std::string& from, const std::string& to)
{
    return result_of(::linkat(root_.number(), from.c_str(), root_.number(), to.c_str(), 0));
}

Errno SystemDisk::rename(const std::string& from, const std::string& to)
{
    return result_of(::renameat(root_.number(), from.c_str(), root_.number(), to.c_str()));
}

Errno SystemDisk::remove(const std::string& path)
{
    return result_of(::unlinkat(root_.number(), path.c_str(), 0));
}

Errno SystemDisk::make_directory(const std::string& path, mode_t mode)
{
    return result_of(::mkdirat(root_.number(), path.c_str(), mode));
}

Errno SystemDisk::set_owner(const std::string& path, uid_t owner, gid_t group)
{
    return result_of(::fchownat(root_.number(), path.c_str(), owner, group, AT_SYMLINK_NOFOLLOW));
}

Errno SystemDisk::set_mode(const std::string& path, mode_t mode)
{
    return result_of(::fchmodat(root_.number(), path.c_str(), mode, 0));
}

Errno SystemDisk::list(const std::string& directory, std::unique_ptr<DirectoryListing>& names)
{
    base::Fd file;
    if (const Errno error =
            open_at(root_.number(), directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, file))
        return error;
    DIR* opened = ::fdopendir(file.number());
    if (opened == nullptr)
        return errno;
    file.release();
    names = std::make_unique<SystemListing>(opened);
    return 0;
}

Errno SystemDisk::free_bytes(std::uint64_t& bytes)
{
    struct statvfs found {};
    if (::fstatvfs(root_.number(), &found) != 0)
        return errno;
    bytes = static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
    return 0;
}

} // namespace queue
