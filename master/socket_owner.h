// SPDX-License-Identifier: Apache-2.0
// Who owns UNIX sockets: they are bound with the rights of mail_owner, who may write to the
// directories they are in. Root itself could be led astray by links there.
#pragma once

#include <sys/types.h>

#include "lib/config/params/common.h"

namespace master {

struct SocketOwner {
    uid_t uid = 0;
    gid_t gid = 0;
};

// mail_owner's ids; a fault when there is no such user or it is root. When we are not root, our
// own ids: a system run by hand.
SocketOwner socket_owner(const config::CommonParams& common, config::Faults& faults);

} // namespace master
