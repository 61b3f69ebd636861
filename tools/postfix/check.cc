// SPDX-License-Identifier: Apache-2.0
// Directories and their owners; see check.h.
#include "tools/postfix/check.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <memory>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/queue/spool.h"
#include "tools/postfix/trees.h"

namespace postfix {

namespace {

enum class Owner : unsigned char { Root, Mail };

struct Rule {
    std::string_view path; // Relative to the queue directory; empty: that itself.
    mode_t mode;
    Owner owner;
    bool setgid_group;
};
constexpr Rule rules[] = {
    {"", 0755, Owner::Root, false},         {"pid", 0755, Owner::Root, false},
    {"active", 0700, Owner::Mail, false},   {"bounce", 0700, Owner::Mail, false},
    {"corrupt", 0700, Owner::Mail, false},  {"defer", 0700, Owner::Mail, false},
    {"deferred", 0700, Owner::Mail, false}, {"flush", 0700, Owner::Mail, false},
    {"hold", 0700, Owner::Mail, false},     {"incoming", 0700, Owner::Mail, false},
    {"private", 0700, Owner::Mail, false},  {"saved", 0700, Owner::Mail, false},
    {"trace", 0700, Owner::Mail, false},    {"maildrop", 0730, Owner::Mail, true},
    {"public", 0710, Owner::Mail, true},
};
constexpr std::string_view setgid_commands[] = {"postdrop", "postqueue"};
constexpr mode_t setgid_command_mode = 02755;

class Checker {
public:
    Checker(const config::CommonParams& common, const Owners& owners, bool repair)
        : common_(common), owners_(owners), repair_(repair)
    {
    }
    void directory(const Rule& rule);
    void data_directory();
    void command(std::string_view name);
    void damaged_messages();
    void trees();

private:
    void look(const std::string& path, const Rule& rule);
    void repair(const base::Fd& fd, const std::string& path, const Rule& rule);
    void warn(const struct stat& about, const std::string& path, const Rule& rule);
    uid_t uid(const Rule& rule) const
    {
        return rule.owner == Owner::Root ? owners_.root : owners_.mail_owner;
    }

    const config::CommonParams& common_;
    const Owners& owners_;
    bool repair_;
    base::Log log_;
};

void Checker::repair(const base::Fd& fd, const std::string& path, const Rule& rule)
{
    gid_t group = rule.setgid_group ? owners_.setgid_group : static_cast<gid_t>(-1);
    if (::fchown(fd.number(), uid(rule), group) != 0 || ::fchmod(fd.number(), rule.mode) != 0)
        log_.warning(base::system_error(path, errno).text);
}

void Checker::warn(const struct stat& about, const std::string& path, const Rule& rule)
{
    if (about.st_uid != uid(rule))
        log_.warning("not owned by ",
                     rule.owner == Owner::Root ? std::string("root") : common_.mail_owner(), ": ",
                     path);
    if (rule.setgid_group && about.st_gid != owners_.setgid_group)
        log_.warning("not owned by group ", common_.setgid_group(), ": ", path);
    if ((about.st_mode & ~rule.mode & (S_IWGRP | S_IWOTH)) != 0)
        log_.warning("group or other writable: ", path);
}

// By descriptor, so that nobody swaps what was looked at for something else.
void Checker::look(const std::string& path, const Rule& rule)
{
    base::Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    struct stat about {};
    if (!fd || ::fstat(fd.number(), &about) != 0)
        log_.warning(base::system_error(path, errno).text);
    else if (repair_)
        repair(fd, path, rule);
    else
        warn(about, path, rule);
}

void Checker::directory(const Rule& rule)
{
    look(base::cat(common_.queue_directory(), rule.path.empty() ? "" : "/", rule.path), rule);
}

void Checker::data_directory()
{
    look(common_.data_directory(), {"", 0700, Owner::Mail, false});
}

void Checker::command(std::string_view name)
{
    std::string path = base::cat(common_.command_directory(), "/", name);
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0)
        return; // Not installed here.
    if (repair_) {
        look(path, {"", setgid_command_mode, Owner::Root, true});
        return;
    }
    if (about.st_gid != owners_.setgid_group)
        log_.warning("not owned by group ", common_.setgid_group(), ": ", path);
    if ((about.st_mode & setgid_command_mode & ~mode_t{0222}) !=
        (setgid_command_mode & ~mode_t{0222}))
        log_.warning("not set-gid or not owner+group+world executable: ", path);
}

void Checker::damaged_messages()
{
    std::string path = base::cat(common_.queue_directory(), "/corrupt");
    std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
    while (const dirent* entry = directory ? ::readdir(directory.get()) : nullptr)
        if (entry->d_name[0] != '.')
            log_.warning("damaged message: corrupt/", entry->d_name);
}

// Who can write the configuration is root, in effect. In data_directory master has a file, too.
void Checker::trees()
{
    auto faults = tree_faults(common_.config_directory(), {0, owners_.root}, "root");
    auto more =
        tree_faults(common_.data_directory(), {0, owners_.mail_owner}, common_.mail_owner());
    faults.insert(faults.end(), more.begin(), more.end());
    more = stale_copies(common_.queue_directory());
    faults.insert(faults.end(), more.begin(), more.end());
    for (const auto& fault : faults)
        log_.warning(fault);
}

base::Result<void> make_directory(const std::string& path, mode_t mode, uid_t owner)
{
    if (::mkdir(path.c_str(), mode) != 0)
        return errno == EEXIST ? base::Result<void>{} : base::system_error(path, errno);
    base::Fd fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)};
    if (!fd || ::fchown(fd.number(), owner, static_cast<gid_t>(-1)) != 0 ||
        ::fchmod(fd.number(), mode) != 0)
        return base::system_error(path, errno);
    return {};
}

} // namespace

base::Result<Owners> find_owners(const config::CommonParams& common)
{
    // Run by hand, without root, everything is ours.
    if (::geteuid() != 0)
        return Owners{::geteuid(), ::geteuid(), ::getegid()};
    const passwd* owner = ::getpwnam(common.mail_owner().c_str());
    if (owner == nullptr)
        return base::permanent(base::cat("mail_owner: no such user: ", common.mail_owner()));
    const group* setgid = ::getgrnam(common.setgid_group().c_str());
    if (setgid == nullptr)
        return base::permanent(base::cat("setgid_group: no such group: ", common.setgid_group()));
    return Owners{0, owner->pw_uid, setgid->gr_gid};
}

base::Result<void> create_missing(const config::CommonParams& common, const Owners& owners)
{
    const std::string& queue = common.queue_directory();
    if (auto made = make_directory(queue, 0755, owners.root); !made)
        return made;
    if (auto made = make_directory(common.data_directory(), 0700, owners.mail_owner); !made)
        return made;
    auto spool = queue::Spool::open(queue, queue::Directories::Options{});
    if (!spool)
        return spool.error();
    return spool->directories.create_missing({owners.root, owners.mail_owner, owners.setgid_group});
}

void check_permissions(const config::CommonParams& common, const Owners& owners, bool repair)
{
    Checker checker(common, owners, repair);
    for (const auto& rule : rules)
        checker.directory(rule);
    for (auto name : setgid_commands)
        checker.command(name);
    if (repair) {
        checker.data_directory();
        return;
    }
    checker.trees();
    checker.damaged_messages();
}

} // namespace postfix
