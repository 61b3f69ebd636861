// SPDX-License-Identifier: Apache-2.0
// A child process on the event loop: started, waited for, killed as a group, always reaped. What it
// runs is the business of child.h and command.h.
#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "lib/base/task.h"
#include "lib/delivery/rights.h"
#include "lib/event/notice.h"
#include "lib/event/signals.h"

namespace delivery {

class Process {
public:
    explicit Process(events::Loop& loop, int signal_when_left = SIGKILL);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    // A child that still runs is sent `signal_when_left`; whenever it ends, it is reaped.
    ~Process();

    // Forks. In the child calls `body` and ends with the status that it returns. The child has
    // default signal handling and leads a session of its own. A failure is temporary.
    base::Result<void> start(const std::function<int()>& body);

    // False: the deadline passed before the child ended.
    base::Task<bool> ended(base::Deadline deadline);
    // As waitpid() gives it; meaningful once ended() said so.
    int status() const { return status_; }
    bool running() const { return pid_ > 0; }

    // While the child runs: to it and all that it started and that stayed in its session.
    void kill_group(int signal);

private:
    static void on_child(void* self);
    bool reap();

    int signal_when_left_;
    events::Notice change_;
    events::Signal child_signal_;
    pid_t pid_ = -1;
    int status_ = 0;
};

// How a child of a daemon becomes a process of a user.
struct ChildSetup {
    Rights rights;
    base::Duration limit{};
    std::vector<int> keep{}; // Descriptors beside 0 to 2 that stay open.
    std::string root{};      // Changes root to this directory first, unless empty.
    base::Duration grace = std::chrono::seconds(5); // For undoing what is half done at the limit.
};

// Closes all descriptors above 2 but `keep`.
base::Result<void> close_descriptors(std::vector<int> keep);

// Called in the child, before anything else: no foreign descriptors, umask 077, root changed, the
// rights of the user and nothing more. After an error the child must end.
base::Result<void> enter_child(const ChildSetup& setup);

// "status N" or "signal N", of a status as waitpid() gives it.
std::string describe_end(int status);

} // namespace delivery
