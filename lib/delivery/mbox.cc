// SPDX-License-Identifier: Apache-2.0
// Mailbox files; see mbox.h.
#include "lib/delivery/mbox.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/outcomes.h"

namespace delivery {

namespace {

mail::Outcome failed(const MboxTarget& target, std::string dsn, std::string_view text)
{
    return outcome_of(std::move(dsn), base::cat(target.failure_prefix, text));
}

mail::Outcome failed(const MboxTarget& target, const FileFault& fault)
{
    return failed(target, mailbox_dsn(fault.code, target.default_dsn), fault.text);
}

// What makes an open file no mailbox to write to. Nothing when all is well.
std::optional<mail::Outcome> refusal(const MboxTarget& target, const SafeFile& file)
{
    const mode_t mode = file.status.st_mode;
    if (!S_ISREG(mode) && !(target.devices && S_ISCHR(mode))) {
        const std::string what = base::cat("destination ", target.path, " is not a regular file");
        if (target.tells_kind)
            return failed(target, target.default_dsn, what);
        base::Log{}.warning(what);
        return failed(target, "5.3.5", "mail system configuration error");
    }
    if (S_ISREG(mode) && target.owner && file.status.st_uid != *target.owner) {
        base::Log{}.warning("specify \"strict_mailbox_ownership = no\" to ignore mailbox ownership "
                            "mismatch");
        return failed(target, "4.2.0",
                      base::cat("destination ", target.path, " is not owned by recipient"));
    }
    if (S_ISREG(mode) && target.refuse_executable && (mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0)
        return failed(target, "5.7.1", "file is executable");
    return std::nullopt;
}

// Some programs replace mailboxes: what we opened may be another file by the time of the lock.
bool is_still(const std::string& path, const SafeFile& file)
{
    struct stat opened {
    }, named{};
    return ::fstat(file.fd.number(), &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_nlink == 1 && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

// Takes back what was written of a message that could not be written whole.
void cut_back(const MboxTarget& target, int fd, off_t length)
{
    int done = 0;
    do
        done = ::ftruncate(fd, length);
    while (done != 0 && errno == EINTR);
    if (done != 0)
        base::Log{}.warning(base::cat(
            target.path, ": cannot be cut back to its old length: ", std::strerror(errno)));
}

FileFault append(const MboxTarget& target, int fd, MessageText message)
{
    const off_t length = ::lseek(fd, 0, SEEK_END);
    const auto old = static_cast<std::uint64_t>(std::max<off_t>(0, length));
    if (length < 0 || (target.size_limit != 0 && old >= target.size_limit)) {
        const int code = length < 0 ? errno : EFBIG;
        return {code, base::cat("error writing message: ", std::strerror(code))};
    }
    const std::uint64_t room = target.size_limit == 0 ? 0 : target.size_limit - old;
    auto fault = write_message(fd, std::move(message), room);
    if (!fault)
        fault = sync_file(fd);
    if (fault)
        cut_back(target, fd, length);
    return fault;
}

FileFault prepare_new(const MboxTarget& target, const SafeFile& file)
{
    if (target.group && ::fchown(file.fd.number(), static_cast<uid_t>(-1), *target.group) != 0)
        base::Log{}.warning(
            base::cat(target.path, ": cannot change file ownership: ", std::strerror(errno)));
    return sync_directory(std::string(base::directory_of(target.path)));
}

bool is_device(const std::string& path)
{
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 && S_ISCHR(status.st_mode);
}

FileFault append_locked(const MboxTarget& target, SafeFile& file, MailboxLock& lock,
                        MessageText message)
{
    if (auto fault = lock.take_file(file.fd.number(), target.locks); fault)
        return fault;
    if (!is_still(target.path, file)) {
        base::Log{}.warning(base::cat(target.path, ": file status changed unexpectedly"));
        return {EAGAIN, "target file status changed unexpectedly"};
    }
    if (auto fault = append(target, file.fd.number(), std::move(message)); fault)
        return fault;
    if (!file.created)
        return {};
    return prepare_new(target, file);
}

} // namespace

TextRules mbox_rules()
{
    TextRules rules;
    rules.quote_from = true;
    rules.blank_end = true;
    return rules;
}

mail::Outcome append_to_mbox(const MboxTarget& target, MessageText message)
{
    // The dotlock comes first: who does not get it leaves no empty mailbox behind.
    MailboxLock lock;
    if (!is_device(target.path))
        if (auto locked_out = lock.take_name(target.path, target.locks); locked_out)
            return failed(target, locked_out);
    SafeFile file = open_for_append(target.path, 0600, target.create);
    if (!file)
        return failed(target, file.fault);
    if (auto refused = refusal(target, file); refused)
        return std::move(*refused);
    FileFault fault;
    if (S_ISREG(file.status.st_mode))
        fault = append_locked(target, file, lock, std::move(message));
    else
        fault = write_message(file.fd.number(), std::move(message), 0);
    if (fault)
        return failed(target, fault);
    return outcome_of("2.0.0", target.success_text);
}

} // namespace delivery
