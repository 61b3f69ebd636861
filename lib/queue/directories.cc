// SPDX-License-Identifier: Apache-2.0
// The queue directories; see directories.h.
#include "lib/queue/directories.h"

#include <algorithm>
#include <cerrno>

#include "lib/base/strings.h"

namespace queue {

namespace {

constexpr std::string_view names[] = {"maildrop", "incoming", "active",
                                      "deferred", "hold",     "corrupt"};

// Deeper trees than anybody configures; also where a scan stops to go down.
constexpr unsigned most_depth = 16;

enum class Owner : std::uint8_t { Root, Mail, MailAndSetgid };

struct DirectoryRow {
    std::string_view name;
    mode_t mode;
    Owner owner;
};

// What Postfix's own postfix-files says.
constexpr DirectoryRow rows[] = {
    {"active", 0700, Owner::Mail},   {"bounce", 0700, Owner::Mail},
    {"corrupt", 0700, Owner::Mail},  {"defer", 0700, Owner::Mail},
    {"deferred", 0700, Owner::Mail}, {"flush", 0700, Owner::Mail},
    {"hold", 0700, Owner::Mail},     {"incoming", 0700, Owner::Mail},
    {"private", 0700, Owner::Mail},  {"maildrop", 0730, Owner::MailAndSetgid},
    {"pid", 0755, Owner::Root},      {"public", 0710, Owner::MailAndSetgid},
    {"saved", 0700, Owner::Mail},    {"trace", 0700, Owner::Mail},
};

constexpr mode_t hash_directory_mode = 0700;

// The group that Postfix gives to what has no group of its own: root's.
constexpr gid_t no_group = static_cast<gid_t>(-1);

base::Error disk_error(std::string_view what, std::string_view path, Errno code)
{
    base::Error error = base::system_error(base::cat(what, " ", path), code);
    if (code == ENOENT)
        error.kind = base::Error::Kind::Permanent;
    return error;
}

base::Result<void> make_one(Disk& disk, const DirectoryRow& row, const Directories::Owners& owners)
{
    const std::string path(row.name);
    const Errno made = disk.make_directory(path, row.mode);
    if (made == EEXIST)
        return {};
    if (made)
        return base::system_error(base::cat("create ", path), made);
    const uid_t owner = row.owner == Owner::Root ? owners.root : owners.mail_owner;
    const gid_t group = row.owner == Owner::MailAndSetgid ? owners.setgid_group : no_group;
    if (const Errno error = disk.set_owner(path, owner, group))
        return base::system_error(base::cat("set the owner of ", path), error);
    // The umask had its say when the directory was made; and chown clears bits.
    if (const Errno error = disk.set_mode(path, row.mode))
        return base::system_error(base::cat("set the mode of ", path), error);
    return {};
}

} // namespace

std::string_view queue_name(Queue queue)
{
    return names[static_cast<std::size_t>(queue)];
}

std::optional<Queue> queue_of_name(std::string_view name)
{
    const auto* found = std::find(std::begin(names), std::end(names), name);
    if (found == std::end(names))
        return std::nullopt;
    return static_cast<Queue>(found - std::begin(names));
}

std::string hash_key(std::string_view id, unsigned depth)
{
    std::string key = mail::is_long_queue_id(id) ? mail::microseconds_hex(id) : std::string(id);
    key.resize(depth, '_');
    return key;
}

Directories::Directories(Disk& disk, Options options) : disk_(disk), options_(std::move(options))
{
    options_.depth = std::min(options_.depth, most_depth);
    for (const std::string& name : options_.hashed)
        if (const auto queue = queue_of_name(name))
            hashed_ |= 1u << static_cast<unsigned>(*queue);
}

bool Directories::hashes(Queue queue) const
{
    return (hashed_ & 1u << static_cast<unsigned>(queue)) != 0;
}

std::string Directories::directory(Queue queue, std::string_view id) const
{
    std::string path(queue_name(queue));
    if (hashes(queue))
        for (const char c : hash_key(id, options_.depth))
            base::append(path, '/', c);
    return path;
}

std::string Directories::path(Queue queue, std::string_view id) const
{
    return base::cat(directory(queue, id), "/", id);
}

base::Result<void> Directories::create_missing(const Owners& owners)
{
    for (const DirectoryRow& row : rows)
        if (auto made = make_one(disk_, row, owners); !made)
            return made;
    if (const Errno error = disk_.sync_directory("."))
        return base::system_error("fsync the queue directory", error);
    return {};
}

base::Result<void> Directories::make_hash_directories(Queue queue, std::string_view id) const
{
    if (!hashes(queue))
        return {};
    std::string path(queue_name(queue));
    for (const char c : hash_key(id, options_.depth)) {
        const std::string parent = path;
        base::append(path, '/', c);
        const Errno made = disk_.make_directory(path, hash_directory_mode);
        if (made == EEXIST)
            continue;
        if (made)
            return base::system_error(base::cat("create ", path), made);
        if (const Errno error = disk_.sync_directory(parent))
            return base::system_error(base::cat("fsync ", parent), error);
    }
    return {};
}

base::Result<void> Directories::rename_into(const std::string& from, Queue to, std::string_view id)
{
    const std::string target = path(to, id);
    Errno error = disk_.rename(from, target);
    if (error == ENOENT) {
        if (auto made = make_hash_directories(to, id); !made)
            return made;
        error = disk_.rename(from, target);
    }
    return error ? base::Result<void>(disk_error("move", from, error)) : base::Result<void>{};
}

base::Result<void> Directories::move(std::string_view id, Queue from, Queue to)
{
    return rename_into(path(from, id), to, id);
}

base::Result<void> Directories::defer(std::string_view id, Queue from, base::WallTime next_attempt)
{
    const std::string source = path(from, id);
    if (const Errno error = disk_.set_modified(source, next_attempt))
        return disk_error("set the time of", source, error);
    if (from == Queue::Deferred)
        return {};
    return rename_into(source, Queue::Deferred, id);
}

// A rename would end the message that it replaces. Ids name inodes, so only a queue that was
// restored from a backup can have two of a name.
base::Result<void> Directories::requeue(std::string_view id, Queue from)
{
    FileStatus status;
    const Errno error = disk_.status(path(Queue::Maildrop, id), status);
    if (error == ENOENT)
        return move(id, from, Queue::Maildrop);
    const std::string source = path(from, id);
    return error ? disk_error("move", source, error)
                 : base::permanent(base::cat("move ", source, ": maildrop has one of that name"));
}

base::Result<void> Directories::remove(Queue queue, std::string_view id)
{
    const std::string target = path(queue, id);
    if (const Errno error = disk_.remove(target))
        return disk_error("remove", target, error);
    return {};
}

base::Result<void> Directories::quarantine(Queue queue, std::string_view id)
{
    return move(id, queue, Queue::Corrupt);
}

std::optional<Queue> Directories::find(std::string_view id) const
{
    static constexpr Queue order[] = {Queue::Incoming, Queue::Active,   Queue::Deferred,
                                      Queue::Hold,     Queue::Maildrop, Queue::Corrupt};
    if (!mail::is_queue_id(id))
        return std::nullopt;
    for (const Queue queue : order) {
        FileStatus status;
        if (disk_.status(path(queue, id), status) == 0)
            return queue;
    }
    return std::nullopt;
}

Directories::Scan Directories::scan(Queue queue) const
{
    return Scan{disk_, std::string(queue_name(queue))};
}

base::Result<void> Directories::Scan::descend(std::string path)
{
    std::unique_ptr<DirectoryListing> listing;
    if (const Errno error = disk_->list(path, listing))
        return base::system_error(base::cat("list ", path), error);
    levels_.push_back({std::move(path), std::move(listing)});
    return {};
}

base::Result<std::optional<mail::QueueId>> Directories::Scan::next()
{
    if (!to_open_.empty())
        if (auto opened = descend(std::exchange(to_open_, {})); !opened)
            return opened.error();
    while (!levels_.empty()) {
        std::optional<DirectoryListing::Entry> entry;
        if (const Errno error = levels_.back().names->next(entry)) {
            base::Error text = base::system_error(base::cat("read ", levels_.back().path), error);
            levels_.pop_back();
            return text;
        }
        if (!entry)
            levels_.pop_back();
        else if (entry->is_directory && entry->name.size() == 1 && levels_.size() <= most_depth) {
            std::string below = base::cat(levels_.back().path, "/", entry->name);
            if (auto opened = descend(std::move(below)); !opened)
                return opened.error();
        } else if (!entry->is_directory && mail::is_queue_id(entry->name))
            return std::optional{std::move(entry->name)};
    }
    return std::optional<mail::QueueId>{};
}

base::Result<unsigned> Directories::sweep(Queue queue, base::WallTime before)
{
    const std::string directory(queue_name(queue));
    std::unique_ptr<DirectoryListing> listing;
    if (const Errno error = disk_.list(directory, listing))
        return base::system_error(base::cat("list ", directory), error);
    unsigned removed = 0;
    std::optional<DirectoryListing::Entry> entry;
    while (true) {
        if (const Errno error = listing->next(entry))
            return base::system_error(base::cat("read ", directory), error);
        if (!entry)
            return removed;
        const std::string path = base::cat(directory, "/", entry->name);
        FileStatus status;
        if (entry->is_directory || !entry->name.starts_with("new.") ||
            disk_.status(path, status) != 0 || status.modified >= before)
            continue;
        removed += disk_.remove(path) == 0 ? 1 : 0;
    }
}

} // namespace queue
