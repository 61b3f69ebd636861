// SPDX-License-Identifier: Apache-2.0
// Becoming a user for good; see rights.h.
#include "lib/delivery/rights.h"

#include <algorithm>
#include <cerrno>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/base/strings.h"

namespace delivery {

using base::Result;

Result<void> check_rights(const Rights& rights)
{
    constexpr auto none = static_cast<uid_t>(-1);
    constexpr auto no_group = static_cast<gid_t>(-1);
    if (rights.roots_mailbox && rights.uid == 0 && rights.gid != no_group && rights.also.empty())
        return {};
    if (rights.uid == 0 || rights.uid == none)
        return base::temporary("deliveries are never done as root");
    const bool bad_group = std::any_of(rights.also.begin(), rights.also.end(),
                                       [](gid_t gid) { return gid == 0 || gid == no_group; });
    if (rights.gid == 0 || rights.gid == no_group || bad_group)
        return base::temporary("deliveries are never done as group 0");
    return {};
}

// Whether all user and group ids of this process are those of `rights`.
static bool has_rights(const Rights& rights)
{
    uid_t real = 0, effective = 0, saved = 0;
    gid_t real_group = 0, effective_group = 0, saved_group = 0;
    if (::getresuid(&real, &effective, &saved) != 0 ||
        ::getresgid(&real_group, &effective_group, &saved_group) != 0)
        return false;
    return real == rights.uid && effective == rights.uid && saved == rights.uid &&
           real_group == rights.gid && effective_group == rights.gid && saved_group == rights.gid;
}

// Whether the rights of root can be had again by any of the calls that could bring them.
static bool root_comes_back()
{
    return ::setresuid(static_cast<uid_t>(-1), 0, static_cast<uid_t>(-1)) == 0 ||
           ::setuid(0) == 0 || ::setgid(0) == 0 || ::geteuid() == 0 || ::getegid() == 0;
}

Result<void> take_rights(const Rights& rights)
{
    if (auto allowed = check_rights(rights); !allowed)
        return allowed;
    if (::geteuid() != 0 && has_rights(rights))
        return {};
    if (::setgroups(rights.also.size(), rights.also.data()) != 0)
        return base::system_error("setgroups", errno);
    if (::setresgid(rights.gid, rights.gid, rights.gid) != 0)
        return base::system_error(base::cat("setgid ", rights.gid), errno);
    if (::setresuid(rights.uid, rights.uid, rights.uid) != 0)
        return base::system_error(base::cat("setuid ", rights.uid), errno);
    if (!has_rights(rights) || (!rights.roots_mailbox && root_comes_back()))
        return base::temporary("root was given up, and is still there");
    // The memory is that of a daemon of root's: no other process of the user may look at it.
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return base::system_error("prctl", errno);
    return {};
}

Result<void> change_root(const std::string& directory)
{
    if (directory.empty())
        return {};
    if (::chroot(directory.c_str()) != 0)
        return base::system_error(base::cat("chroot ", directory), errno);
    if (::chdir("/") != 0)
        return base::system_error("chdir /", errno);
    return {};
}

} // namespace delivery
