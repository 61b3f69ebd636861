// SPDX-License-Identifier: Apache-2.0
// The words of post-install, which packages and installers call: settings and what to do.
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"

namespace postfix {

enum class PostInstallAction : unsigned char {
    CreateMissing,  // Directories.
    SetPermissions, // Of directories and set-gid commands.
    Upgrade,        // The configuration.
    Remind,         // What a person has to do after a first installation.
};

struct PostInstall {
    std::string config_directory;      // Of config_directory=, else empty.
    std::vector<std::string> settings; // Other name=value words, for main.cf.
    std::vector<PostInstallAction> actions;
};

// A permanent error: an unknown word, or nothing to do.
base::Result<PostInstall> parse_post_install(const std::vector<std::string>& words);

} // namespace postfix
