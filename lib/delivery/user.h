// SPDX-License-Identifier: Apache-2.0
// Accounts of this host, as the system's user database has them. The calls may block: daemons that
// serve many make them in a child (child.h).
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

#include "lib/base/result.h"

namespace delivery {

struct User {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
    std::string home;
    std::string shell;
    std::string gecos;

    bool operator==(const User&) const = default;
};

// Nothing: the database says that there is no such user. A database that cannot answer is a
// temporary error, never "unknown".
base::Result<std::optional<User>> find_user(const std::string& name);
base::Result<std::optional<User>> find_user(uid_t uid);

// The number of a group, the same way.
base::Result<std::optional<gid_t>> find_group(const std::string& name);

} // namespace delivery
