// SPDX-License-Identifier: Apache-2.0
// The guardian: a child of master that does nothing but wait for master's end on a pipe. An end
// without a goodbye means that master was killed; the guardian then becomes a new master. It holds
// the listening sockets open meanwhile, so that clients wait instead of being refused. Sessions of
// the old workers go on to their end.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/fd.h"

namespace master {

class Guardian {
public:
    // How the new master is started.
    struct Plan {
        std::string program;                // Of master itself.
        std::vector<std::string> arguments; // The first is the program's name.
        std::string sockets;                // Listeners::describe()
        std::vector<int> descriptors;       // The sockets' descriptors.
    };
    // Environment variables for the new master: the sockets, and how many masters in a row died
    // young.
    static constexpr const char* sockets_variable = "POSTHOUSE_SOCKETS";
    static constexpr const char* deaths_variable = "POSTHOUSE_DEATHS";

    // Starts one, and dismisses the one before. Errors are temporary.
    base::Result<void> post(const Plan& plan, unsigned deaths);

    // Master means to end: the guardian goes too.
    void dismiss();

    // Whether `pid` was the guardian, which has ended then.
    bool lost(pid_t pid);

    pid_t pid() const { return pid_; }

private:
    pid_t pid_ = 0;
    base::Fd pipe_; // Its end is how the guardian hears of ours.
};

// How long to wait before master number `deaths` of those that died young is replaced.
base::Duration guardian_wait(unsigned deaths);

} // namespace master
