// SPDX-License-Identifier: Apache-2.0
// The supervisor; see master.h.
#include "master/master.h"

#include <cerrno>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "master/environment.h"
#include "master/socket_owner.h"

namespace master {

namespace {

constexpr auto guardian_pause = std::chrono::milliseconds(200);
constexpr auto kill_pause = std::chrono::seconds(2);

Master& self_of(void* context)
{
    return *static_cast<Master*>(context);
}

} // namespace

Master::Master(Parts parts)
    : parts_(std::move(parts)),
      patience_(
          loop_, [](void* self) { self_of(self).out_of_patience(); }, this),
      guardian_timer_(
          loop_, [](void* self) { self_of(self).post_guardian(); }, this),
      exit_timer_(
          loop_, [](void* self) { self_of(self).stop(SIGTERM); }, this),
      hangup_(
          loop_, SIGHUP, [](void* self) { self_of(self).reload(); }, this),
      terminate_(
          loop_, SIGTERM, [](void* self) { self_of(self).stop(SIGTERM); }, this),
      interrupt_(
          loop_, SIGINT, [](void* self) { self_of(self).abort(SIGINT); }, this),
      quit_(
          loop_, SIGQUIT, [](void* self) { self_of(self).abort(SIGQUIT); }, this),
      child_(
          loop_, SIGCHLD, [](void* self) { self_of(self).reap(); }, this)
{
}

Master::~Master() = default;

void Master::on_reload(std::function<void(const Configuration&)> reloaded)
{
    reloaded_ = std::move(reloaded);
}

void Master::run(base::Duration stop_after)
{
    if (stop_after > base::Duration::zero())
        exit_timer_.arm(loop_.now() + stop_after);
    apply();
    reap();
    loop_.run();
    guardian_.dismiss();
}

// Makes what runs agree with the configuration.
void Master::apply()
{
    const auto& configuration = *parts_.configuration;
    auto environment = worker_environment(configuration.master.import_environment(),
                                          configuration.directory, environ);
    parts_.listeners.drop_unused(configuration.services);
    post_guardian();
    std::map<std::string, std::unique_ptr<Service>> before;
    before.swap(services_);
    for (const auto& spec : configuration.services) {
        auto& service = services_[spec.entry.key()];
        auto old = before.find(spec.entry.key());
        if (old != before.end())
            service = std::move(old->second);
        else
            service = std::make_unique<Service>(loop_);
        before.erase(spec.entry.key());
        service->set({spec, parts_.listeners.of(spec), environment,
                      configuration.master.service_throttle_time()});
    }
    for (auto& [key, service] : before) { // Gone from master.cf: finish.
        service->retire();
        services_[key] = std::move(service);
    }
    forget_ended();
}

void Master::post_guardian()
{
    if (!parts_.guarded || stage_ != Stage::Running)
        return;
    parts_.revival.sockets = parts_.listeners.describe();
    parts_.revival.descriptors = parts_.listeners.all();
    if (auto posted = guardian_.post(parts_.revival, parts_.deaths); !posted) {
        base::Log{}.warning("guardian: ", posted.error().text);
        guardian_timer_.arm(loop_.now() + std::chrono::seconds(1));
    }
    parts_.deaths = 0;
}

void Master::reload()
{
    if (stage_ != Stage::Running)
        return;
    config::Faults faults;
    auto fresh = load_configuration(parts_.configuration->directory, system_names(), faults);
    const auto& queue = fresh->common.queue_directory();
    if (!config::has_errors(faults) && queue != parts_.configuration->common.queue_directory())
        faults.push_back({fresh->main.file(), 0, false, "queue_directory has changed",
                          "stop and start for that"});
    auto owner = socket_owner(fresh->common, faults);
    bool good =
        !config::has_errors(faults) && parts_.listeners.open(fresh->services, owner, faults);
    base::Log log;
    for (const auto& fault : faults)
        log.put(fault.warning ? base::LogLevel::Warning : base::LogLevel::Error, fault.to_string());
    if (!good) {
        log.error("reload refused: the old configuration stays in force");
        return;
    }
    parts_.configuration = std::move(fresh);
    if (reloaded_)
        reloaded_(*parts_.configuration);
    for (const auto& note : parts_.configuration->notes)
        log.info(note);
    log.info("reload -- version ", parts_.configuration->common.mail_version(), ", configuration ",
             parts_.configuration->directory);
    apply();
}

bool Master::belongs(const Service& service, Stage stage) const
{
    const auto& entry = service.spec().entry;
    bool source = entry.type == config::ServiceType::Inet || entry.wakeup > 0;
    bool log = entry.type == config::ServiceType::UnixDgram;
    switch (stage) {
    case Stage::Sources: return source;
    case Stage::Workers: return !source && !log;
    case Stage::Log: return log;
    case Stage::Running:
    case Stage::Done: return false;
    }
    return false;
}

void Master::stop(int signal)
{
    if (stage_ != Stage::Running) {
        abort(signal); // Asked twice.
        return;
    }
    base::Log{}.info("terminating on signal ", signal);
    guardian_.dismiss();
    patience_.arm(loop_.now() + parts_.configuration->master.master_stop_timeout());
    next_stage();
}

// Each stage retires its services; the next one begins when all of those have gone.
void Master::next_stage()
{
    stage_ = static_cast<Stage>(static_cast<unsigned char>(stage_) + 1);
    if (stage_ == Stage::Done) {
        loop_.stop();
        return;
    }
    for (auto& [key, service] : services_)
        if (belongs(*service, stage_))
            service->retire();
    if (stage_ == Stage::Sources) // New clients are refused from now on.
        parts_.listeners.close_inet();
    forget_ended();
}

void Master::abort(int signal)
{
    if (stage_ == Stage::Running)
        base::Log{}.info("terminating on signal ", signal);
    guardian_.dismiss();
    for (auto& [key, service] : services_)
        service->retire();
    stage_ = Stage::Log;
    out_of_patience();
    forget_ended();
}

void Master::out_of_patience()
{
    for (auto& [key, service] : services_)
        service->retire();
    stage_ = Stage::Log;
    kill_all(terminated_ ? SIGKILL : SIGTERM);
    terminated_ = true;
    patience_.arm(loop_.now() + kill_pause);
}

void Master::kill_all(int signal)
{
    for (auto& [key, service] : services_)
        service->kill_all(signal);
}

// Drops retired services without workers. Goes to the next stage of stopping when the present one
// has nobody left.
void Master::forget_ended()
{
    std::size_t left = 0;
    for (auto it = services_.begin(); it != services_.end();) {
        bool gone = !it->second->running() && it->second->empty();
        left += !gone && (stage_ == Stage::Log || belongs(*it->second, stage_)) ? 1 : 0;
        it = gone ? services_.erase(it) : std::next(it);
    }
    if (stage_ != Stage::Running && left == 0)
        next_stage();
}

void Master::reap()
{
    int status = 0;
    while (pid_t pid = ::waitpid(-1, &status, WNOHANG)) {
        if (pid < 0)
            break;
        if (guardian_.lost(pid)) {
            guardian_timer_.arm(loop_.now() + guardian_pause);
            continue;
        }
        for (auto& [key, service] : services_)
            if (service->owns(pid)) // Nobody: an orphan that we took in as process 1.
                service->ended(pid, status);
    }
    forget_ended();
}

} // namespace master
