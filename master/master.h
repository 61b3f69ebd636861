// SPDX-License-Identifier: Apache-2.0
// The supervisor as a whole: services, signals, reload, stop. Lives from the moment at which all
// sockets are bound until the last worker has gone.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/event/signals.h"
#include "lib/event/timer.h"
#include "master/guardian.h"
#include "master/listeners.h"
#include "master/service.h"

namespace master {

class Master {
public:
    struct Parts {
        std::unique_ptr<Configuration> configuration;
        Listeners listeners; // Open for `configuration`.
        bool guarded = false;
        Guardian::Plan revival; // Program and arguments.
        unsigned deaths = 0;
    };
    explicit Master(Parts parts);
    Master(const Master&) = delete;
    Master& operator=(const Master&) = delete;
    ~Master();

    // Serves until a signal ends it. `stop_after`: as if SIGTERM came then, when not zero.
    void run(base::Duration stop_after);

    // Called after each successful reload, with the new configuration: the log is opened anew.
    void on_reload(std::function<void(const Configuration&)> reloaded);

private:
    // What ends first when we stop: where work comes from, then what does it, then the log.
    enum class Stage : unsigned char { Running, Sources, Workers, Log, Done };

    void apply();
    void reload();
    void stop(int signal);
    void abort(int signal);
    void next_stage();
    bool belongs(const Service& service, Stage stage) const;
    void kill_all(int signal);
    void out_of_patience();
    void reap();
    void post_guardian();
    void forget_ended();

    Parts parts_;
    std::function<void(const Configuration&)> reloaded_;
    events::Loop loop_;
    std::map<std::string, std::unique_ptr<Service>> services_; // By ServiceEntry::key().
    Guardian guardian_;
    Stage stage_ = Stage::Running;
    bool terminated_ = false; // SIGTERM was sent to all; next comes SIGKILL.
    events::Timer patience_;
    events::Timer guardian_timer_;
    events::Timer exit_timer_;
    events::Signal hangup_;
    events::Signal terminate_;
    events::Signal interrupt_;
    events::Signal quit_;
    events::Signal child_;
};

} // namespace master
