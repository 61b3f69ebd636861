// SPDX-License-Identifier: Apache-2.0
// Messages as files; see drop_file.h. The order of steps: write, fsync, link to the name, fsync the
// directory, remove the name with the dot. A crash leaves a file with a dot, or a whole message.
#include "local/drop/drop_file.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/delivery/outcomes.h"
#include "lib/delivery/safe_file.h"
#include "lib/mail/queue_id.h"

namespace drop {

using delivery::FileFault;

namespace {

// Files of one message: one for each delivery of it.
constexpr int names_limit = 1000;

FileFault fault_of(std::string_view what, const std::string& path)
{
    const int code = errno;
    return {code, base::cat(what, " ", path, ": ", std::strerror(code))};
}

// ".ID.PID"
bool is_hidden_name(std::string_view name)
{
    if (!name.starts_with('.'))
        return false;
    name.remove_prefix(1);
    const std::string_view id = base::cut(name, '.');
    return mail::is_queue_id(id) && base::parse_int<pid_t>(name).has_value();
}

FileFault give_name(const Target& target, const std::string& hidden)
{
    for (int number = 1; number <= names_limit; ++number) {
        const std::string more = number == 1 ? "" : base::cat("-", number);
        const std::string name = base::cat(target.directory, "/", target.name, more, ".eml");
        const bool named = ::link(hidden.c_str(), name.c_str()) == 0;
        if (!named && errno == EEXIST)
            continue;
        if (!named)
            return fault_of("create", name);
        auto fault = delivery::sync_directory(target.directory);
        if (fault)
            ::unlink(name.c_str());
        return fault;
    }
    return {EEXIST, base::cat("too many files of one message: ", target.name)};
}

FileFault write(const Target& target, int fd, const std::string& hidden,
                delivery::MessageText message)
{
    auto fault = delivery::write_message(fd, std::move(message), 0);
    if (!fault && ::fchmod(fd, target.mode) != 0)
        fault = fault_of("change mode of", hidden);
    if (!fault)
        fault = delivery::sync_file(fd);
    if (!fault)
        fault = give_name(target, hidden);
    return fault;
}

} // namespace

void remove_leftovers(const std::string& directory, base::Duration age)
{
    const auto now = base::SystemClock{}.wall();
    DIR* folder = ::opendir(directory.c_str());
    if (folder == nullptr)
        return; // Storing the message will tell why.
    while (const dirent* entry = ::readdir(folder)) {
        struct stat status {};
        if (is_hidden_name(entry->d_name) &&
            ::fstatat(::dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
            now - base::from_unix_microseconds(status.st_mtime * 1'000'000LL) > age)
            ::unlinkat(::dirfd(folder), entry->d_name, 0);
    }
    ::closedir(folder);
}

mail::Outcome store(const Target& target, delivery::MessageText message)
{
    const std::string hidden = base::cat(target.directory, "/.", target.name, ".", ::getpid());
    const base::Fd fd{
        ::open(hidden.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    FileFault fault;
    if (!fd)
        fault = fault_of("create", hidden);
    else
        fault = write(target, fd.number(), hidden, std::move(message));
    if (fd)
        ::unlink(hidden.c_str());
    if (fault)
        return delivery::outcome_of(delivery::mailbox_dsn(fault.code, "4.2.0"),
                                    base::cat("drop failed: ", fault.text));
    return delivery::outcome_of("2.0.0", "delivered to drop directory");
}

} // namespace drop
