// SPDX-License-Identifier: Apache-2.0
// The command line of a daemon; see service.h for what the letters mean.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.h"

namespace service {

struct Options {
    std::string service_name;
    std::string service_type = "unix";
    int listeners = 0;
    int process_limit = 0;
    bool privileged = false;
    bool chroot = false;
    bool stand_alone = false;
    bool verbose = false;
    std::vector<std::pair<std::string, std::string>> overrides;
    std::vector<std::string> arguments;
};

base::Result<Options> parse_options(int argc, char** argv);

} // namespace service
