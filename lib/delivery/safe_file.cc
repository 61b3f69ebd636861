// SPDX-License-Identifier: Apache-2.0
// Files in unsafe places; see safe_file.h.
#include "lib/delivery/safe_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/delivery/child.h"

namespace delivery {

namespace {

FileFault fault_of(std::string_view what, int code)
{
    return {code, base::cat(what, ": ", std::strerror(code))};
}

// A file that is not what it should be, for reasons without a code of the system's own.
FileFault refused(std::string text)
{
    return {EPERM, std::move(text)};
}

int open_again(const std::string& path, int flags, mode_t mode = 0)
{
    int fd = -1;
    do
        fd = ::open(path.c_str(), flags | O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
                    mode);
    while (fd < 0 && try_again(errno));
    return fd;
}

// Links of root's are the administrator's will, where nobody else could have put them.
bool link_is_roots(const struct stat& link, const std::string& path)
{
    struct stat parent {};
    return link.st_uid == 0 &&
           ::stat(std::string(base::directory_of(path)).c_str(), &parent) == 0 &&
           parent.st_uid == 0 && (parent.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

FileFault check_identity(const std::string& path, const struct stat& opened)
{
    struct stat named {};
    if (S_ISDIR(opened.st_mode))
        return {EISDIR, "file is a directory"};
    if (opened.st_nlink != 1)
        return refused(base::cat("file has ", opened.st_nlink, " hard links"));
    if (::lstat(path.c_str(), &named) != 0)
        return refused(base::cat("file status changed unexpectedly: ", std::strerror(errno)));
    if (S_ISLNK(named.st_mode))
        return {};
    if (opened.st_dev != named.st_dev || opened.st_ino != named.st_ino ||
        opened.st_nlink != named.st_nlink || opened.st_mode != named.st_mode)
        return refused("file status changed unexpectedly");
    return {};
}

SafeFile open_existing(const std::string& path)
{
    SafeFile file;
    struct stat named {};
    int flags = O_NOFOLLOW;
    if (::lstat(path.c_str(), &named) == 0) {
        if (S_ISLNK(named.st_mode) && !link_is_roots(named, path)) {
            file.fault = refused("file is a symbolic link");
            return file;
        }
        if (S_ISLNK(named.st_mode))
            flags = 0;
        if (S_ISFIFO(named.st_mode)) {
            file.status = named;
            file.fault = refused("file is a pipe");
            return file;
        }
    }
    file.fd = base::Fd{open_again(path, flags)};
    if (!file.fd)
        file.fault = errno == ELOOP ? refused("file is a symbolic link")
                                    : fault_of("cannot open file", errno);
    else if (::fstat(file.fd.number(), &file.status) != 0)
        file.fault = fault_of("cannot open file", errno);
    else
        file.fault = check_identity(path, file.status);
    return file;
}

SafeFile create_new(const std::string& path, mode_t mode)
{
    SafeFile file;
    file.fd = base::Fd{open_again(path, O_CREAT | O_EXCL, mode)};
    file.created = true;
    if (!file.fd)
        file.fault = fault_of("cannot create file exclusively", errno);
    else if (::fstat(file.fd.number(), &file.status) != 0)
        file.fault = fault_of("cannot create file exclusively", errno);
    return file;
}

FileFault write_piece(int fd, std::string_view piece)
{
    while (!piece.empty()) {
        if (told_to_stop())
            return {ETIMEDOUT, "time limit exceeded"};
        const ssize_t put = ::write(fd, piece.data(), piece.size());
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fault_of("error writing message", errno);
        piece.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
}

} // namespace

SafeFile open_for_append(const std::string& path, mode_t mode, bool create)
{
    SafeFile file = open_existing(path);
    if (file || file.fault.code != ENOENT || !create)
        return file;
    file = create_new(path, mode);
    if (!file && file.fault.code == EEXIST)
        return open_existing(path);
    return file;
}

std::string mailbox_dsn(int code, const std::string& otherwise)
{
    switch (code) {
    case EAGAIN:
    case EEXIST: // Somebody had the name first: the next try has another.
    case ESTALE: return "4.2.0";
    case ETIMEDOUT:
    case EIO: // The disk's fault, not the recipient's.
    case EROFS:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOSPC: return "4.3.0";
    case EDQUOT:
    case EFBIG: return "5.2.2";
    default: return otherwise;
    }
}

FileFault write_message(int fd, MessageText message, std::uint64_t limit)
{
    MessageReader reader(std::move(message));
    std::uint64_t written = 0;
    while (true) {
        const auto piece = reader.next();
        if (!piece)
            return {EAGAIN, piece.error().text};
        if (piece->empty())
            return {};
        written += piece->size();
        if (limit != 0 && written > limit)
            return fault_of("error writing message", EFBIG);
        if (auto fault = write_piece(fd, *piece); fault)
            return fault;
    }
}

FileFault sync_file(int fd)
{
    while (::fsync(fd) != 0)
        if (!try_again(errno))
            return fault_of("error writing message", errno);
    return {};
}

FileFault sync_directory(const std::string& path)
{
    const base::Fd fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd)
        return fault_of(base::cat("open directory ", path), errno);
    return sync_file(fd.number());
}

FileFault make_directories(const std::string& path, mode_t mode)
{
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        struct stat status {};
        if (::mkdir(part.c_str(), mode) == 0) {
            // Who may write to a directory need not be allowed to read it, or to sync it then.
            auto fault = sync_directory(std::string(base::directory_of(part)));
            if (fault && fault.code != EACCES)
                return fault;
        } else if (const int code = errno; code != EEXIST && (::stat(part.c_str(), &status) != 0 ||
                                                              !S_ISDIR(status.st_mode))) {
            return fault_of(base::cat("make directory ", part), code);
        }
        if (end == std::string::npos)
            return {};
    }
}

} // namespace delivery
