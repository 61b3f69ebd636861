// SPDX-License-Identifier: Apache-2.0
// One running service: its listening sockets, its workers, its timers. Decisions are made by
// Workers and Throttle; this carries them out on the loop. It outlives reloads, so that sessions
// and books do too.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/task.h"
#include "lib/event/input.h"
#include "lib/event/timer.h"
#include "lib/event/watch.h"
#include "master/process.h"
#include "master/throttle.h"
#include "master/workers.h"

namespace master {

// What a service needs to run, besides its own line. Given anew at each reload.
struct Setting {
    ServiceSpec spec;
    std::vector<int> listeners; // Owned by Listeners, open until the next set().
    std::vector<std::string> environment;
    base::Duration longest_throttle{};
};

class Service {
public:
    explicit Service(events::Loop& loop);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    // Runs by `setting` from now on; workers of an older one are retired.
    void set(Setting setting);

    // No new clients, no new workers; those that are there finish and end.
    void retire();

    // A signal to every worker that is left.
    void kill_all(int signal);

    bool owns(pid_t pid) const { return controls_.count(pid) != 0; }
    // One of our workers has ended; `status` is wait(2)'s.
    void ended(pid_t pid, int status);

    bool running() const { return running_; } // Not retired.
    bool empty() const { return workers_.empty(); }
    const ServiceSpec& spec() const { return setting_.spec; }

private:
    struct Control { // Our end of a worker's control socket.
        Control(events::Loop& loop, base::Fd socket)
            : fd(std::move(socket)), watch(loop, fd.number())
        {
        }
        base::Fd fd;
        events::Watch watch;
        base::Scope reader;
    };

    void review();
    bool may_start() const;
    void start();
    void retire_workers();
    void order(pid_t pid, ipc::control::Order order);
    void client_waits();
    void wake();
    void warn_limit();
    void tell_ending(pid_t pid, int status, bool came_up) const;
    base::Task<void> follow(pid_t pid, Control& control);

    events::Loop& loop_;
    Setting setting_;
    Workers workers_;
    Throttle throttle_;
    bool running_ = false;
    bool used_ = false;          // For wakeup with '?'.
    bool wanted_ = false;        // A worker is wanted, whether or not clients wait.
    bool wakeup_is_due_ = false; // The next worker gets an order to wake.
    base::MonoTime limit_told_ = base::MonoTime::min();
    std::map<pid_t, std::unique_ptr<Control>> controls_;
    std::vector<std::unique_ptr<events::Input>> inputs_;
    events::Timer review_timer_;
    events::Timer wakeup_timer_;
    events::Timer overdue_timer_; // For a predecessor that must be gone before we can start.
};

} // namespace master
