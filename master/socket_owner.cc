// SPDX-License-Identifier: Apache-2.0
// The owner of sockets; see socket_owner.h.
#include "master/socket_owner.h"

#include <pwd.h>
#include <unistd.h>

namespace master {

SocketOwner socket_owner(const config::CommonParams& common, config::Faults& faults)
{
    if (::geteuid() != 0)
        return {::geteuid(), ::getegid()};
    const passwd* found = ::getpwnam(common.mail_owner().c_str());
    if (found == nullptr)
        faults.push_back({"", 0, false,
                          base::cat("mail_owner: no such user: ", common.mail_owner()),
                          "create the user, or set mail_owner"});
    else if (found->pw_uid == 0)
        faults.push_back({"", 0, false, "mail_owner must not be root", "set another mail_owner"});
    else
        return {found->pw_uid, found->pw_gid};
    return {};
}

} // namespace master
