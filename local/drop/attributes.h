// SPDX-License-Identifier: Apache-2.0
// The attributes of a drop(8) service in master.cf.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "lib/base/result.h"

namespace drop {

struct Attributes {
    std::string user;
    std::string group; // Empty: the user's.
    std::string directory;
    mode_t mode = 0600;
    bool envelope = true; // Sender, recipients and queue id in X- headers.
    bool crlf = false;    // The end of each line; else LF.
};

// user=, directory= (both needed), mode=, envelope=yes|no, eol=lf|crlf. A permanent error says what
// is wrong.
base::Result<Attributes> parse_attributes(const std::vector<std::string>& words);

} // namespace drop
