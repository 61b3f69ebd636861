// SPDX-License-Identifier: Apache-2.0
// `postfix doctor [--network] [--json]`: one page about everything that keeps mail from flowing,
// with cause and cure. Reads the configuration, the queue's directories and the machine, and talks
// to our own SMTP server. Other hosts are asked only with --network.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace doctor {

struct Request {
    std::string config_directory;
    std::optional<int> master_pid; // Of the mail system that runs.
    std::vector<std::string> permission_faults;
    bool network = false;
    bool json = false;
};

// Reads the words behind the command's name. A usage text when they are wrong, else empty.
std::string parse_words(const std::vector<std::string>& words, Request& request);

// Examines and prints on standard output. 0: nothing to do; 1: warnings, or no examination was
// possible; 2: problems.
int run(const Request& request);

} // namespace doctor
