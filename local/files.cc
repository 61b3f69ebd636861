// SPDX-License-Identifier: Apache-2.0
// Files with destinations; see files.h.
#include "local/files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/ipc/codec.h"
#include "local/targets.h"

template <>
inline constexpr auto ipc::last_of<local::TargetFile::State> = local::TargetFile::State::Failed;

namespace ipc {
template <> struct Fields<local::TargetFile> {
    using F = local::TargetFile;
    static constexpr auto value = std::tuple{field("state", &F::state), field("which", &F::which),
                                             field("text", &F::text), field("why", &F::why)};
};
} // namespace ipc

namespace local {

using State = TargetFile::State;

namespace {

// Codes that say something about the path, and not about the disk or the network behind it.
bool is_about_path(int code)
{
    return code == ENOENT || code == ENOTDIR || code == EACCES || code == ELOOP ||
           code == ENAMETOOLONG || code == EPERM || code == ENXIO;
}

TargetFile refused(std::string why)
{
    return {State::Unsafe, 0, {}, std::move(why)};
}

TargetFile cannot(std::string_view what, int code)
{
    return {is_about_path(code) ? State::Unsafe : State::Failed,
            0,
            {},
            base::cat(what, ": ", std::strerror(code))};
}

// A group of one user's own, as many systems give each (and umask 002 with it).
bool is_private_group(gid_t gid, const std::string& user)
{
    group entry{};
    group* found = nullptr;
    std::string buffer(16384, '\0');
    if (::getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr ||
        user != found->gr_name)
        return false;
    for (char** member = found->gr_mem; *member != nullptr; ++member)
        if (user != *member)
            return false;
    return true;
}

TargetFile read_open_file(int fd, const std::string& path, const struct stat& status)
{
    TargetFile file;
    if (static_cast<std::size_t>(status.st_size) > target_text_limit)
        return refused(base::cat("file ", path, " is too large"));
    file.state = State::Usable;
    char buffer[65536];
    while (true) {
        const ssize_t got = ::read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cannot(base::cat("cannot read file ", path), errno);
        if (got == 0)
            return file;
        file.text.append(buffer, static_cast<std::size_t>(got));
        if (file.text.size() > target_text_limit)
            return refused(base::cat("file ", path, " is too large"));
    }
}

// What keeps a .forward file from being the user's own word; empty: nothing.
std::string unsafe(const std::string& path, const struct stat& status, const FileRules& rules)
{
    if (!S_ISREG(status.st_mode))
        return base::cat("file ", path, " is not a regular file");
    if (status.st_uid != 0 && status.st_uid != rules.owner)
        return base::cat("file ", path, " has bad owner uid ", status.st_uid);
    if ((status.st_mode & S_IWOTH) != 0)
        return base::cat("file ", path, " is world writable");
    if ((status.st_mode & S_IWGRP) != 0 && !is_private_group(status.st_gid, rules.owner_name))
        return base::cat("file ", path, " is group writable");
    struct stat folder {};
    const std::string directory(base::directory_of(path));
    if (::stat(directory.c_str(), &folder) == 0 && (folder.st_mode & S_IWOTH) != 0)
        return base::cat("file ", path, " is in a world writable directory");
    return {};
}

TargetFile read_one_forward(const std::string& path, const FileRules& rules)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        if (is_about_path(errno))
            return {};
        return cannot(base::cat("cannot look up file ", path), errno);
    }
    if (auto why = unsafe(path, status, rules); !why.empty())
        return refused(std::move(why));
    const base::Fd fd{
        ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (!fd || ::fstat(fd.number(), &status) != 0)
        return cannot(base::cat("cannot open file ", path), errno);
    // What was opened counts; it may not be what was looked at.
    if (auto why = unsafe(path, status, rules); !why.empty())
        return refused(std::move(why));
    return read_open_file(fd.number(), path, status);
}

std::string unfit_include(const std::string& path, const struct stat& status)
{
    if (!S_ISREG(status.st_mode))
        return base::cat(":include: file ", path, " is not a regular file");
    if ((status.st_mode & S_IWOTH) != 0)
        return base::cat(":include: file ", path, " is world writable");
    return {};
}

} // namespace

TargetFile read_forward_file(const std::vector<std::string>& paths, const FileRules& rules)
{
    for (std::size_t i = 0; i < paths.size(); ++i) {
        TargetFile file = read_one_forward(paths[i], rules);
        if (file.state == State::Missing)
            continue;
        file.which = i;
        return file;
    }
    return {};
}

bool all_missing(const std::vector<std::string>& paths)
{
    struct stat status {};
    for (const auto& path : paths)
        if (::lstat(path.c_str(), &status) == 0 || (errno != ENOENT && errno != ENOTDIR))
            return false;
    return true;
}

Host::IncludeOwner find_include_owner(const std::string& path)
{
    Host::IncludeOwner owner;
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        owner.state = is_about_path(errno) ? State::Unsafe : State::Failed;
        owner.why = base::cat("unable to lookup :include: file ", path, ": ", std::strerror(errno));
        return owner;
    }
    owner.uid = status.st_uid;
    owner.why = unfit_include(path, status);
    if (!owner.why.empty())
        owner.state = State::Unsafe;
    return owner;
}

TargetFile read_include_file(const std::string& path, bool of_root)
{
    struct stat status {};
    const base::Fd fd{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (!fd || ::fstat(fd.number(), &status) != 0)
        return cannot(base::cat("cannot open include file ", path), errno);
    if (auto why = unfit_include(path, status); !why.empty())
        return refused(std::move(why));
    if (of_root && status.st_uid != 0)
        return {State::Failed, 0, {}, base::cat(":include: file ", path, " changed its owner")};
    return read_open_file(fd.number(), path, status);
}

std::string encode_file(const TargetFile& file)
{
    ipc::Encoder encoder;
    ipc::encode(encoder, file);
    return std::move(encoder.bytes);
}

TargetFile decode_file(const base::Result<std::string>& said)
{
    if (!said)
        return {State::Failed, 0, {}, said.error().text};
    TargetFile file;
    ipc::Decoder decoder(*said);
    ipc::decode(decoder, file);
    if (!decoder.complete())
        return {State::Failed, 0, {}, "the reading process gave no file"};
    return file;
}

} // namespace local
