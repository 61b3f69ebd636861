// SPDX-License-Identifier: Apache-2.0
// Whole files and locks; see file.h.
#include "lib/base/file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/strings.h"

namespace base {

Result<std::string> read_file(const std::string& path, std::size_t limit)
{
    Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
    struct stat status {};
    if (!fd || ::fstat(fd.number(), &status) != 0) {
        Error error = system_error(cat("open ", path), errno);
        error.kind = errno == ENOENT ? Error::Kind::Permanent : Error::Kind::Temporary;
        return error;
    }
    if (!S_ISREG(status.st_mode))
        return permanent(cat(path, ": not a regular file"));
    std::string content;
    char buffer[16384];
    while (true) {
        ssize_t got = ::read(fd.number(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return system_error(cat("read ", path), errno);
        if (got == 0)
            return content;
        content.append(buffer, static_cast<std::size_t>(got));
        if (content.size() > limit)
            return permanent(cat(path, ": larger than ", limit, " bytes"));
    }
}

Result<void> write_all(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return system_error("write", errno);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
}

static Result<void> write_durably(Fd& fd, std::string_view content)
{
    if (auto written = write_all(fd.number(), content); !written)
        return written;
    if (::fsync(fd.number()) != 0)
        return system_error("fsync", errno);
    return fd.close();
}

Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode)
{
    std::string fresh = cat(path, ".tmp", ::getpid());
    Fd fd{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)};
    if (!fd)
        return system_error(cat("create ", fresh), errno);
    if (::fchmod(fd.number(), mode) != 0)
        return system_error(cat("fchmod ", fresh), errno);
    if (auto written = write_durably(fd, content); !written) {
        ::unlink(fresh.c_str());
        return written.error().in(fresh);
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
        Error error = system_error(cat("rename ", fresh, " to ", path), errno);
        ::unlink(fresh.c_str());
        return error;
    }
    auto directory = open_directory(std::string(directory_of(path)));
    if (!directory)
        return directory.error();
    if (::fsync(directory->number()) != 0)
        return system_error(cat("fsync directory of ", path), errno);
    return {};
}

Result<bool> try_lock(int fd)
{
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return false;
        if (errno != EINTR)
            return system_error("flock", errno);
    }
    return true;
}

Result<Fd> open_directory(const std::string& path)
{
    Fd fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd)
        return system_error(cat("open directory ", path), errno);
    return fd;
}

std::string_view directory_of(std::string_view path)
{
    auto slash = path.rfind('/');
    if (slash == std::string_view::npos)
        return ".";
    return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

std::string_view base_name(std::string_view path)
{
    auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

} // namespace base
