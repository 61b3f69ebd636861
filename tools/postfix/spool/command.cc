// SPDX-License-Identifier: Apache-2.0
// postfix import-queue; see command.h.
#include "tools/postfix/spool/command.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/queue/index.h"
#include "lib/queue/spool.h"
#include "lib/service/command.h"
#include "tools/postfix/spool/importer.h"

namespace spool {

using queue::Queue;

namespace {

constexpr Queue usual_queues[] = {Queue::Maildrop, Queue::Incoming, Queue::Active, Queue::Deferred,
                                  Queue::Hold};
constexpr std::size_t samples = 32; // Files of a queue that foreign_messages() looks at.

int fail(std::string_view text)
{
    base::Log{}.put(base::LogLevel::Fatal, text);
    return EXIT_FAILURE;
}

// Takes the lock that a master holds, so that none runs or starts meanwhile.
base::Result<base::Fd> lock_master(const std::string& directory, const std::string& pid_file)
{
    const std::string path = base::cat(directory, "/", pid_file);
    base::Fd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!file)
        return base::system_error(path, errno);
    auto locked = base::try_lock(file.number());
    if (!locked)
        return locked.error().in(path);
    if (!*locked)
        return base::permanent(
            base::cat("a mail system is running on ", directory, ": stop it first"));
    return file;
}

bool same_directory(const std::string& a, const std::string& b)
{
    struct stat left {
    }, right{};
    return ::stat(a.c_str(), &left) == 0 && ::stat(b.c_str(), &right) == 0 &&
           left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

base::Result<std::vector<Queue>> chosen_queues(const std::vector<std::string>& words)
{
    std::vector<Queue> queues;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const auto queue = queue::queue_of_name(words[i]);
        if (!queue)
            return base::permanent(base::cat("no such queue: ", words[i]));
        queues.push_back(*queue);
    }
    if (queues.empty())
        queues.assign(std::begin(usual_queues), std::end(usual_queues));
    return queues;
}

// As the queue's owner, with everything open.
int run(Importer& importer, const std::vector<Queue>& queues)
{
    if (auto resumed = importer.resume(); !resumed)
        return fail(resumed.error().text);
    bool whole = true;
    for (const Queue queue : queues)
        if (auto imported = importer.import(queue); !imported) {
            base::Log{}.warning(imported.error().text);
            whole = false;
        }
    const Counts& counts = importer.counts();
    base::Log{}.info("Imported: ", counts.imported, counts.imported == 1 ? " message" : " messages",
                     "; left: ", counts.left);
    return whole && counts.left == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

bool looks_foreign(const std::filesystem::path& path)
{
    base::Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    struct stat status {};
    char first = 0;
    // A size record in front: cleanup's. maildrop is pickup's business, which leaves foreign files.
    return file && ::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode) &&
           (status.st_mode & S_IXUSR) != 0 && ::pread(file.number(), &first, 1, 0) == 1 &&
           first == type::size;
}

} // namespace

int import_queue(const ImportRequest& request)
{
    if (request.words.empty() || !request.words[0].starts_with('/'))
        return fail("usage: postfix import-queue /absolute/directory [queue ...]");
    auto queues = chosen_queues(request.words);
    if (!queues)
        return fail(queues.error().text);
    const std::string ours = request.common.queue_directory();
    const std::string& theirs = request.words[0];
    const bool same = same_directory(ours, theirs);
    auto our_lock = lock_master(ours, request.pid_file);
    if (!our_lock)
        return fail(our_lock.error().text);
    auto their_lock = same ? our_lock->duplicate() : lock_master(theirs, "pid/master.pid");
    if (!their_lock)
        return fail(their_lock.error().text);
    auto source = queue::SystemDisk::open(theirs);
    if (!source)
        return fail(source.error().text);
    if (auto distrusted = queue::distrust_index(request.data_index); !distrusted)
        return fail(distrusted.error().text);
    service::become_mail_owner(request.common);
    auto spool = queue::Spool::open(ours, request.queue);
    if (!spool)
        return fail(spool.error().text);
    Importer importer{spool->directories, {**source, theirs, same}};
    return run(importer, *queues);
}

std::size_t foreign_messages(const std::string& queue_directory)
{
    std::size_t found = 0;
    for (const Queue queue : {Queue::Incoming, Queue::Active, Queue::Deferred, Queue::Hold}) {
        std::error_code code;
        const std::string top = base::cat(queue_directory, "/", queue::queue_name(queue));
        std::filesystem::recursive_directory_iterator files(top, code), end;
        for (std::size_t seen = 0; !code && files != end && seen < samples; files.increment(code))
            if (!files->is_directory(code)) {
                ++seen;
                found += looks_foreign(files->path()) ? 1 : 0;
            }
    }
    return found;
}

} // namespace spool
