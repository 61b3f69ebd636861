// SPDX-License-Identifier: Apache-2.0
// Lists of users in parameters such as authorized_mailq_users: who may call a command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace service {

// The first element that matches `user` decides: a login name, or "static:anything" for everybody;
// with ! before it, that user is not on the list. Nobody else is. A permanent error: the element
// that would have to be asked is a table or a file.
base::Result<bool> is_listed_user(const std::vector<std::string>& list, std::string_view user);

} // namespace service
