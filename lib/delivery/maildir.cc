// SPDX-License-Identifier: Apache-2.0
// Maildirs; see maildir.h. The order of steps: write to tmp/, fsync, link to new/, fsync new/,
// remove from tmp/. A crash before the link leaves a stray file in tmp/, which readers clean away;
// a crash after it leaves two names for a whole message, of which readers see one.
#include "lib/delivery/maildir.h"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/outcomes.h"
#include "lib/delivery/safe_file.h"

namespace delivery {

namespace {

// Names that are tried when somebody has them.
constexpr int name_attempts = 10;

FileFault create_fault(const std::string& path, int code)
{
    return {code, base::cat("create maildir file ", path, ": ", std::strerror(code))};
}

// The host's name as names in a Maildir have it.
std::string host_part()
{
    char name[HOST_NAME_MAX + 1] = {};
    ::gethostname(name, sizeof name - 1);
    std::string part;
    for (const char c : std::string_view(name))
        c == '/' ? part += "\\057" : c == ':' ? part += "\\072" : part += c;
    return part;
}

std::string hex(std::uint64_t number)
{
    char text[20];
    std::snprintf(text, sizeof text, "%lx", static_cast<unsigned long>(number));
    return text;
}

class MaildirFile {
public:
    explicit MaildirFile(const MaildirTarget& target) : target_(target), host_(host_part()) {}
    ~MaildirFile()
    {
        if (fd_ && ::unlink(temporary_.c_str()) != 0)
            base::Log{}.warning(base::cat("remove ", temporary_, ": ", std::strerror(errno)));
    }
    MaildirFile(const MaildirFile&) = delete;
    MaildirFile& operator=(const MaildirFile&) = delete;

    FileFault store(MessageText message)
    {
        auto fault = create();
        if (!fault)
            fault = write_message(fd_.number(), std::move(message), target_.size_limit);
        if (!fault)
            fault = sync_file(fd_.number());
        if (!fault)
            fault = give_name();
        return fault;
    }

private:
    FileFault create();
    FileFault give_name();
    FileFault link_once(const std::string& name);
    int open_temporary(int attempt);

    const MaildirTarget& target_;
    std::string host_;
    std::string temporary_;
    base::Fd fd_;
    timeval started_{};
};

int MaildirFile::open_temporary(int attempt)
{
    ::gettimeofday(&started_, nullptr);
    const std::string again = attempt == 0 ? "" : base::cat("Q", attempt);
    temporary_ =
        base::cat(target_.directory, "tmp/", started_.tv_sec, ".P", ::getpid(), again, ".", host_);
    fd_ = base::Fd{
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    return fd_ ? 0 : errno;
}

FileFault MaildirFile::create()
{
    for (int attempt = 0;; ++attempt) {
        const int code = open_temporary(attempt);
        if (code == 0)
            return {};
        if (attempt >= name_attempts || (code != ENOENT && code != EEXIST))
            return create_fault(temporary_, code);
        if (code == ENOENT)
            if (auto fault = make_directories(target_.directory + "tmp", 0700); fault)
                return create_fault(temporary_, fault.code);
    }
}

FileFault MaildirFile::link_once(const std::string& name)
{
    if (::link(temporary_.c_str(), name.c_str()) == 0)
        return {};
    // File systems without hard links: a name that holds the file's own number is nobody else's.
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) {
        if (::rename(temporary_.c_str(), name.c_str()) == 0) {
            fd_.reset();
            return {};
        }
    }
    return create_fault(name, errno);
}

FileFault MaildirFile::give_name()
{
    struct stat status {};
    if (::fstat(fd_.number(), &status) != 0)
        return create_fault(temporary_, errno);
    const std::string folder = target_.directory + "new";
    const std::string name = base::cat(folder, "/", started_.tv_sec, ".V", hex(status.st_dev), "I",
                                       hex(status.st_ino), "M", started_.tv_usec, ".", host_);
    auto fault = link_once(name);
    if (fault.code == ENOENT) {
        fault = make_directories(target_.directory + "cur", 0700);
        if (!fault)
            fault = make_directories(folder, 0700);
        if (!fault)
            fault = link_once(name);
    }
    if (fault)
        return create_fault(name, fault.code);
    if (auto unsafe = sync_directory(folder); unsafe) {
        ::unlink(name.c_str());
        return unsafe;
    }
    return {};
}

} // namespace

mail::Outcome store_in_maildir(const MaildirTarget& target, MessageText message)
{
    FileFault fault;
    {
        MaildirFile file(target);
        fault = file.store(std::move(message));
    }
    if (!fault)
        return outcome_of("2.0.0", "delivered to maildir");
    if (fault.code == EACCES) {
        base::Log{}.warning(base::cat("maildir access problem for UID/GID=", ::geteuid(), "/",
                                      ::getegid(), ": ", fault.text));
        base::Log{}.warning("perhaps you need to create the maildirs in advance");
    }
    return outcome_of(mailbox_dsn(fault.code, target.default_dsn),
                      base::cat("maildir delivery failed: ", fault.text));
}

} // namespace delivery
