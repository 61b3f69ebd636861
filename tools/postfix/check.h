// SPDX-License-Identifier: Apache-2.0
// The check of directories: makes what is missing, warns of wrong owners and modes, sets them
// right when asked.
#pragma once

#include "lib/base/result.h"
#include "lib/config/params/common.h"

namespace postfix {

// Who owns what, by the names in main.cf. Errors are permanent: no such user or group.
struct Owners {
    uid_t root = 0;
    uid_t mail_owner = 0;
    gid_t setgid_group = 0;
};
base::Result<Owners> find_owners(const config::CommonParams& common);

// Makes queue_directory, data_directory and what is in the queue directory.
base::Result<void> create_missing(const config::CommonParams& common, const Owners& owners);

// Warns of everything that is not as it should be. With `repair`, changes it instead.
void check_permissions(const config::CommonParams& common, const Owners& owners, bool repair);

} // namespace postfix
