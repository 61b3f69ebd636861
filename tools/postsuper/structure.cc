// SPDX-License-Identifier: Apache-2.0
// Repair of the queue directories; see structure.h.
#include "tools/postsuper/structure.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/queue/reader.h"

namespace postsuper {

using queue::Queue;

namespace {

constexpr auto temporary_age = std::chrono::hours(24 * 7);
constexpr std::string_view temporary_prefix = "new.";
constexpr std::size_t deepest = 16;

// What lies below one queue, taken down before anything is changed.
struct Inventory {
    std::vector<std::string> files;
    std::vector<std::string> directories; // Deeper ones behind those above them.
};

void read_directory(queue::Disk& disk, const std::string& path, std::size_t depth, Inventory& found)
{
    std::unique_ptr<queue::DirectoryListing> names;
    int error = disk.list(path, names);
    std::optional<queue::DirectoryListing::Entry> entry;
    while (!error && (error = names->next(entry)) == 0 && entry) {
        std::string below = base::cat(path, "/", entry->name);
        if (!entry->is_directory)
            found.files.push_back(std::move(below));
        else if (depth < deepest)
            found.directories.push_back(std::move(below));
        else
            base::Log{}.warning("bogus file name: ", below);
    }
    if (error)
        base::Log{}.warning(base::system_error(base::cat("scan ", path), error).text);
}

Inventory take_inventory(queue::Disk& disk, Queue queue)
{
    Inventory found;
    const std::string top(queue::queue_name(queue));
    read_directory(disk, top, 0, found);
    for (std::size_t i = 0; i < found.directories.size(); ++i) {
        const std::string path = found.directories[i];
        const auto depth = std::count(path.begin(), path.end(), '/');
        read_directory(disk, path, static_cast<std::size_t>(depth), found);
    }
    return found;
}

// The id that a file says it has.
base::Result<mail::QueueId> id_in(queue::Disk& disk, base::Fd file)
{
    queue::FileStatus status;
    if (const int error = disk.status(file.number(), status))
        return base::system_error("status", error);
    if (!S_ISREG(status.mode) || status.links != 1)
        return base::permanent("is no regular file with one link");
    auto reader =
        queue::MessageReader::open(disk, std::move(file), queue::MessageReader::Check::Envelope);
    if (!reader)
        return reader.error();
    return reader->message().id;
}

bool is_message_name(const std::string& path)
{
    const std::string_view name = base::base_name(path);
    if (name.starts_with(temporary_prefix))
        return false;
    if (!mail::is_queue_id(name))
        base::Log{}.warning("bogus file name: ", path);
    return mail::is_queue_id(name);
}

// Opens a path below the working directory without following a link in any part of it: root must
// not be led out of the queue by those who may write there.
base::Fd open_beneath(std::string_view path, int flags)
{
    base::Fd here{::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    while (here && !path.empty()) {
        const std::string part(base::cut(path, '/'));
        const int how = path.empty() ? flags : O_PATH | O_DIRECTORY;
        here = base::Fd{::openat(here.number(), part.c_str(), how | O_NOFOLLOW | O_CLOEXEC)};
    }
    return here;
}

// By descriptor: what was looked at is what is changed.
void give_to(const base::Fd& file, const std::string& path, uid_t owner)
{
    const auto group = static_cast<gid_t>(-1);
    if (::fchown(file.number(), owner, group) != 0 || ::fchmod(file.number(), S_IRWXU) != 0)
        base::Log{}.warning(base::system_error(base::cat("set the owner of ", path), errno).text);
    else
        base::Log{}.info("owner and mode of ", path, " repaired");
}

bool belongs_to(const base::Fd& file, uid_t owner)
{
    struct stat status {};
    return ::fstat(file.number(), &status) == 0 && status.st_uid == owner &&
           (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

void repair_owner(queue::Disk& disk, const std::string& path, uid_t owner)
{
    if (!mail::is_queue_id(base::base_name(path)))
        return;
    base::Fd file = open_beneath(path, O_RDONLY | O_NONBLOCK);
    if (!file || belongs_to(file, owner))
        return;
    auto second = file.duplicate();
    if (second && id_in(disk, std::move(*second)))
        give_to(file, path, owner);
}

// Hash directories have names of one character.
void repair_directory_owner(const std::string& path, uid_t owner)
{
    base::Fd directory = open_beneath(path, O_RDONLY | O_DIRECTORY);
    if (directory && base::base_name(path).size() == 1 && !belongs_to(directory, owner))
        give_to(directory, path, owner);
}

void repair_place(const queue::Directories& directories, Queue queue, const std::string& path,
                  Repaired& repaired)
{
    auto& disk = directories.disk();
    base::Fd file;
    const int failed = disk.open(path, queue::Access::Read, file);
    if (failed == ENOENT)
        return;
    auto id = failed ? base::Result<mail::QueueId>(base::system_error("open", failed))
                     : id_in(disk, std::move(file));
    if (!id)
        base::Log{}.warning(path, ": ", id.error().text);
    if (!id || !mail::is_queue_id(*id))
        return;
    const std::string wanted = directories.path(queue, *id);
    if (wanted == path)
        return;
    queue::FileStatus status;
    if (disk.status(wanted, status) == 0) {
        base::Log{}.warning("rename file ", path, " as ", wanted, ": File exists");
        return;
    }
    auto made = directories.make_hash_directories(queue, *id);
    const int error = made ? disk.rename(path, wanted) : 0;
    if (!made)
        base::Log{}.warning(made.error().text);
    else if (error)
        base::Log{}.warning(
            base::system_error(base::cat("rename file ", path, " as ", wanted), error).text);
    else
        (*id == base::base_name(path) ? repaired.moved : repaired.renamed) += 1;
}

} // namespace

void repair_owners(const queue::Directories& directories, const std::vector<Queue>& queues,
                   uid_t owner)
{
    for (const Queue queue : queues) {
        if (queue == Queue::Maildrop)
            continue;
        const Inventory found = take_inventory(directories.disk(), queue);
        for (const std::string& path : found.directories)
            repair_directory_owner(path, owner);
        for (const std::string& path : found.files)
            repair_owner(directories.disk(), path, owner);
    }
}

Repaired repair_structure(const queue::Directories& directories, const std::vector<Queue>& queues)
{
    Repaired repaired;
    for (const Queue queue : queues) {
        const Inventory found = take_inventory(directories.disk(), queue);
        for (const std::string& path : found.files)
            if (is_message_name(path))
                repair_place(directories, queue, path, repaired);
        // From the deepest up. Those that are in use stay, because they are not empty.
        for (auto path = found.directories.rbegin(); path != found.directories.rend(); ++path)
            if (::rmdir(path->c_str()) != 0 && errno != ENOTEMPTY && errno != EEXIST)
                base::Log{}.warning(
                    base::system_error(base::cat("remove directory ", *path), errno).text);
    }
    return repaired;
}

unsigned purge(queue::Directories& directories, const std::vector<Queue>& queues,
               base::WallTime now)
{
    unsigned removed = 0;
    for (const Queue queue : queues) {
        auto swept = directories.sweep(queue, now - temporary_age);
        if (swept)
            removed += *swept;
        else
            base::Log{}.warning(swept.error().text);
    }
    return removed;
}

} // namespace postsuper
