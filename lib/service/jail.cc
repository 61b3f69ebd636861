// SPDX-License-Identifier: Apache-2.0
// The jail door; see jail.h.
#include "lib/service/jail.h"

#include <cerrno>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <vector>

#include "lib/base/log.h"
#include "lib/base/result.h"

namespace service {

static void must(bool done, std::string_view what)
{
    if (!done)
        base::fatal(base::system_error(what, errno).text);
}

static std::vector<gid_t> groups_of(const Jail& jail)
{
    if (jail.group.empty())
        return {};
    const group* found = ::getgrnam(jail.group.c_str());
    if (found == nullptr)
        base::fatal(base::cat("setgid_group: no such group: ", jail.group));
    return {found->gr_gid};
}

void enter_jail(const Jail& jail)
{
    const bool root = ::geteuid() == 0;
    const passwd* owner = nullptr;
    std::vector<gid_t> groups;
    if (root && jail.drop_user) {
        groups = groups_of(jail);
        owner = ::getpwnam(jail.user.c_str());
        if (owner == nullptr)
            base::fatal(base::cat("mail_owner: no such user: ", jail.user));
        if (owner->pw_uid == 0)
            base::fatal("mail_owner: must not be root");
    }
    must(::chdir(jail.directory.c_str()) == 0, base::cat("chdir ", jail.directory));
    if (root && jail.change_root)
        must(::chroot(".") == 0, base::cat("chroot ", jail.directory));
    if (owner != nullptr) {
        must(::setgroups(groups.size(), groups.data()) == 0, "setgroups");
        must(::setresgid(owner->pw_gid, owner->pw_gid, owner->pw_gid) == 0, "setgid");
        must(::setresuid(owner->pw_uid, owner->pw_uid, owner->pw_uid) == 0, "setuid");
        must(::setresuid(static_cast<uid_t>(-1), 0, static_cast<uid_t>(-1)) != 0,
             "root was given up, and can be had again");
        must(::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0, "prctl");
    }
    if (!jail.drop_user)
        return;
    must(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no-new-privs");
    if (jail.reach)
        enter_sandbox(*jail.reach);
}

} // namespace service
