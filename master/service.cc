// SPDX-License-Identifier: Apache-2.0
// A running service; see service.h.
#include "master/service.h"

#include <algorithm>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace master {

using ipc::control::Order;

namespace {

constexpr auto fork_wait = std::chrono::seconds(1);
constexpr auto limit_warning_interval = std::chrono::seconds(1000);
// A service that may have one process only waits this long for the old one's work after a reload.
// Ending it is safe at any moment; it only delays what it was about.
constexpr auto single_patience = std::chrono::seconds(10);

// What Postfix shows beside the name: the port, "25" for "smtp", behind the address if it has one.
std::string shown_address(const ServiceSpec& spec)
{
    if (spec.endpoints.empty())
        return spec.entry.name;
    const auto& address = spec.endpoints.front().address;
    if (spec.entry.name.find(':') == std::string::npos)
        return std::to_string(address.port());
    return base::cat("[", address.host(), "]:", address.port());
}

// Postfix tells of no limits then, and it is no news that a filter's port is in full use.
bool only_for_this_host(const ServiceSpec& spec)
{
    return std::all_of(spec.endpoints.begin(), spec.endpoints.end(),
                       [](const auto& endpoint) { return endpoint.address.is_loopback(); });
}

int processors()
{
    return static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
}

} // namespace

Service::Service(events::Loop& loop)
    : loop_(loop), review_timer_(
                       loop, [](void* self) { static_cast<Service*>(self)->review(); }, this),
      wakeup_timer_(
          loop, [](void* self) { static_cast<Service*>(self)->wake(); }, this),
      overdue_timer_(
          loop, [](void* self) { static_cast<Service*>(self)->kill_all(SIGTERM); }, this)
{
}

Service::~Service() = default;

void Service::set(Setting setting)
{
    retire_workers();
    const bool old_ones = !workers_.empty(); // wake() below may start a new one.
    setting_ = std::move(setting);
    running_ = true;
    workers_.set_limits({setting_.spec.entry.max_processes, processors()});
    throttle_.set_longest(setting_.longest_throttle);
    throttle_.reset();
    inputs_.clear();
    for (int fd : setting_.listeners)
        inputs_.push_back(std::make_unique<events::Input>(
            loop_, fd, [](void* self) { static_cast<Service*>(self)->client_waits(); }, this));
    wakeup_timer_.disarm();
    const auto& entry = setting_.spec.entry;
    if (entry.wakeup > 0 && !entry.wakeup_if_used)
        wake();
    else if (entry.wakeup > 0)
        wakeup_timer_.arm(loop_.now() + std::chrono::seconds(entry.wakeup));
    if (entry.max_processes == 1 && old_ones)
        overdue_timer_.arm(loop_.now() + single_patience);
    review();
}

void Service::retire()
{
    running_ = false;
    wanted_ = false;
    inputs_.clear();
    wakeup_timer_.disarm();
    review_timer_.disarm();
    retire_workers();
}

void Service::retire_workers()
{
    for (auto& [pid, control] : controls_) {
        workers_.retired(pid);
        order(pid, Order::Retire);
    }
}

void Service::kill_all(int signal)
{
    for (auto& [pid, control] : controls_)
        ::kill(pid, signal);
}

void Service::order(pid_t pid, Order order)
{
    auto found = controls_.find(pid);
    if (found == controls_.end())
        return;
    auto sent = ipc::control::send_order(found->second->fd.number(), order);
    if (!sent && order == Order::Retire)
        ::kill(pid, SIGTERM); // Does not listen to us any more.
}

bool Service::may_start() const
{
    return running_ && workers_.room() && throttle_.open(loop_.now());
}

// Brings what is watched and what runs in line with the books.
void Service::review()
{
    if (!running_)
        return;
    if (wanted_ && workers_.any_active() != 0)
        wanted_ = false;
    if (wanted_ && may_start())
        start();
    auto now = loop_.now();
    auto demand = workers_.demand(now);
    bool look = demand == Workers::Demand::Another && throttle_.open(now);
    for (auto& input : inputs_)
        input->watch(look);
    if (demand == Workers::Demand::Limited)
        warn_limit();
    if (!throttle_.open(now))
        review_timer_.arm(throttle_.not_before());
}

void Service::client_waits()
{
    used_ = true;
    if (may_start())
        start();
    review();
}

void Service::start()
{
    auto now = loop_.now();
    auto started = start_worker(setting_.spec, setting_.listeners, setting_.environment);
    if (!started) {
        base::Log{}.warning(started.error().text, " -- throttling");
        throttle_.failed(now, base::Duration::zero(), false);
        return;
    }
    wanted_ = false;
    workers_.started(started->pid, now);
    auto& control = controls_[started->pid];
    control = std::make_unique<Control>(loop_, std::move(started->control));
    control->reader.spawn(follow(started->pid, *control));
    review_timer_.arm(now + Workers::start_patience);
    if (std::exchange(wakeup_is_due_, false))
        order(started->pid, Order::Wakeup);
}

base::Task<void> Service::follow(pid_t pid, Control& control)
{
    while (true) {
        auto report = ipc::control::receive_report(control.fd.number());
        if (report) {
            workers_.reported(pid, report->state);
            review();
        } else if (report.error().temporary()) {
            co_await control.watch.readable(base::Deadline::never());
        } else {
            co_return; // SIGCHLD tells the rest.
        }
    }
}

void Service::wake()
{
    const auto& entry = setting_.spec.entry;
    wakeup_timer_.arm(loop_.now() + std::chrono::seconds(entry.wakeup));
    if (entry.wakeup_if_used && !used_)
        return;
    if (pid_t pid = workers_.any_active()) {
        order(pid, Order::Wakeup);
        return;
    }
    wanted_ = true;
    wakeup_is_due_ = true;
    review();
}

// A service of one process is meant to serve one client at a time, and one that only this host can
// reach makes nobody wait who cannot help it: like Postfix, nothing is said of either.
void Service::warn_limit()
{
    const auto& entry = setting_.spec.entry;
    auto now = loop_.now();
    bool told = limit_told_ != base::MonoTime::min() && now - limit_told_ < limit_warning_interval;
    const bool news = entry.type == config::ServiceType::Inet && entry.max_processes > 1 &&
                      !only_for_this_host(setting_.spec);
    if (!news || told)
        return;
    limit_told_ = now;
    base::Log{}.warning("service \"", entry.name, "\" (", shown_address(setting_.spec),
                        ") has reached its process limit \"", entry.max_processes,
                        "\": new clients may experience noticeable delays");
    base::Log{}.warning("to avoid this condition, increase the process count in master.cf or "
                        "reduce the service time per client");
}

void Service::tell_ending(pid_t pid, int status, bool came_up) const
{
    const std::string& program = setting_.spec.program;
    if (WIFSIGNALED(status))
        base::Log{}.warning("process ", program, " pid ", pid, " killed by signal ",
                            WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        base::Log{}.warning("process ", program, " pid ", pid, " exit status ",
                            WEXITSTATUS(status));
    if (!came_up)
        base::Log{}.warning(program, ": bad command startup -- throttling");
}

void Service::ended(pid_t pid, int status)
{
    controls_.erase(pid);
    auto worker = workers_.ended(pid);
    bool retiring = worker.state == ipc::control::State::Retiring;
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    bool came_up = worker.reported || retiring;
    bool told_to = retiring && WIFSIGNALED(status) &&
                   (WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGKILL);
    if (!told_to && (!clean || !came_up)) {
        tell_ending(pid, status, came_up);
        auto now = loop_.now();
        throttle_.failed(now, now - worker.started, came_up);
        // What works by itself, without clients that ask for it, comes back by itself.
        if (setting_.spec.entry.wakeup > 0 && !setting_.spec.entry.wakeup_if_used)
            wanted_ = wakeup_is_due_ = true;
    }
    if (workers_.empty())
        overdue_timer_.disarm();
    review();
}

} // namespace master
