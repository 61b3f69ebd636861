// SPDX-License-Identifier: Apache-2.0
// The books of one service: which workers live, what they say of themselves, and whether another
// one is wanted. Starts nothing and reads no clock: the tests tick time by hand.
//
// While any worker takes clients, nobody looks at the listening sockets but the workers. Once none
// is left with time or room, master looks too; a client that waits then starts another worker:
//   - all are full, or there is none: up to the process limit;
//   - some have room but no processor time: up to the number of processors.
#pragma once

#include <sys/types.h>
#include <vector>

#include "lib/base/clock.h"
#include "lib/ipc/control.h"

namespace master {

struct WorkerLimits {
    int processes = 0; // maxproc; 0: no limit.
    int processors = 1;
};

class Workers {
public:
    // A worker that has not reported after this long is no reason to start no other.
    static constexpr base::Duration start_patience = std::chrono::seconds(10);

    struct Worker {
        pid_t pid = 0;
        base::MonoTime started{};
        bool reported = false;
        ipc::control::State state = ipc::control::State::Available;
    };

    void set_limits(WorkerLimits limits) { limits_ = limits; }
    const WorkerLimits& limits() const { return limits_; }

    void started(pid_t pid, base::MonoTime now);
    void reported(pid_t pid, ipc::control::State state);
    // It was told to finish, and counts as gone but for the process limit.
    void retired(pid_t pid);
    // What was known of a process that ended.
    Worker ended(pid_t pid);

    enum class Demand : unsigned char {
        Served,  // Some worker takes clients, or will in a moment.
        Another, // A client that waits should get another worker.
        Limited, // None takes clients, and no more are allowed.
    };
    Demand demand(base::MonoTime now) const;

    // Whether the limits allow one more, whatever the demand.
    bool room() const;

    // A worker that can be sent an order such as Wakeup; 0 when there is none.
    pid_t any_active() const;

    bool empty() const { return workers_.empty(); }
    const std::vector<Worker>& all() const { return workers_; }

private:
    Worker* find(pid_t pid);
    bool is_single() const { return limits_.processes == 1; }

    WorkerLimits limits_;
    std::vector<Worker> workers_;
};

} // namespace master
