// SPDX-License-Identifier: Apache-2.0
// The file that maillog_file names, opened by its rules. For postlogd, and for master and the
// commands of root, which write there themselves.
#pragma once

#include <string_view>

#include "lib/base/fd.h"
#include "lib/config/params/common.h"
#include "lib/config/params/master.h"

namespace config {

// Whether `path` is one of `prefixes` or lies below one; ".." never does.
bool maillog_path_allowed(std::string_view path, const std::vector<std::string>& prefixes);

// maillog_file_permissions as a mode.
base::Result<unsigned> maillog_mode(std::string_view text);

// Opens for appending; the file is made when it is not there. /dev/stdout is our own standard
// output. Errors are permanent and name the parameter.
base::Result<base::Fd> open_maillog(const CommonParams& common, const MaillogParams& params);

} // namespace config
