// SPDX-License-Identifier: Apache-2.0
// Whether master runs, and talking to it by signals. The lock on its pid file tells, never the
// file's mere existence.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "lib/base/clock.h"

namespace postfix {

class Running {
public:
    explicit Running(std::string pid_file) : pid_file_(std::move(pid_file)) {}

    // The process id of the master that runs now.
    std::optional<pid_t> pid() const;

    // Sends a signal; false when none runs.
    bool signal(int number) const;

    // Waits until none runs; false when one still does after `longest`.
    bool wait_until_gone(base::Duration longest) const;

private:
    std::string pid_file_;
};

// Runs a program to its end with our own standard streams. The exit status; 127 when it could not
// be started or was killed.
int run_program(const std::vector<std::string>& words);

// Becomes the program. Returns only when that failed.
void become_program(const std::vector<std::string>& words);

} // namespace postfix
