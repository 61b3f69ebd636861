// SPDX-License-Identifier: Apache-2.0
// The process frame; see service.h.
#include "lib/service/service.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/config/host.h"
#include "lib/event/signals.h"
#include "lib/event/timer.h"
#include "lib/event/watch.h"
#include "lib/ipc/control.h"
#include "lib/net/socket.h"
#include "lib/service/jail.h"
#include "lib/service/log_setup.h"
#include "lib/service/options.h"

namespace service {

namespace {

namespace control = ipc::control;
using base::Task;

constexpr auto shortage_wait = std::chrono::milliseconds(100);
constexpr auto load_window = std::chrono::milliseconds(200);
constexpr double busy_share = 0.6; // Of one processor, over a load window.
constexpr std::int64_t least_clients_when_busy = 4;
// Others get a turn after so many that needed no wait.
constexpr unsigned accepts_per_turn = 16;
constexpr unsigned datagrams_per_turn = 64;

base::Duration cpu_used()
{
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) +
           std::chrono::duration_cast<base::Duration>(std::chrono::nanoseconds(used.tv_nsec));
}

void raise_descriptor_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

} // namespace

struct Service::State {
    Options options;
    config::CommonParams common;
    config::MainCf main;
    std::unique_ptr<base::LogSink> log;
    events::Loop loop;
    events::Notice retire{loop};
    bool retiring = false;
    std::function<void()> wake;
    bool in_setgid_group = false;
    std::function<bool()> is_fit;
    base::Scope own; // The daemon's tasks.

    Limits limits;
    Handler handler;
    bool has_master = false;
    std::unique_ptr<events::Watch> master_watch;
    std::vector<std::unique_ptr<events::Watch>> listeners;
    events::Notice places{loop}; // A client has gone, so that another one fits.
    std::int64_t active = 0;
    std::int64_t served = 0;
    control::Report reported{control::State::Retiring, 0};
    bool busy = false;
    base::MonoTime window_start{};
    base::Duration window_cpu{};
    events::Timer load_timer{loop, [](void* self) { static_cast<State*>(self)->measure_load(); },
                             this};
    events::Timer idle_timer{loop, [](void* self) { static_cast<State*>(self)->begin_retiring(); },
                             this};
    events::Timer close_timer{
        loop, [](void* self) { static_cast<State*>(self)->close_listeners(); }, this};
    base::Scope clients;
    base::Scope accepting;
    base::Scope frame; // Watching master and ourselves.

    void load_configuration(const std::vector<config::ParamSet*>& sets, std::string_view program);
    void enter();
    void begin_retiring();
    void close_listeners();
    void end_if_done();
    void report();
    void measure_load();
    void client_came();
    void client_gone();
    bool has_place() const { return active < limits.clients; }

    Task<void> follow_master();
    Task<void> accept_clients(events::Watch& listener);
    Task<void> serve_one(Client client);
    Task<void> keep_watchdog();
    Task<void> take_datagrams(events::Watch& socket, std::size_t largest,
                              std::function<void(std::string_view)> take);
    void start(std::function<Task<void>(events::Watch&)> listen);
    int finish();
};

void Service::State::load_configuration(const std::vector<config::ParamSet*>& sets,
                                        std::string_view program)
{
    const char* directory = std::getenv("MAIL_CONFIG");
    config::Faults faults;
    auto loaded = config::MainCf::load(directory ? directory : DEFAULT_CONFIG_DIRECTORY, faults);
    if (!loaded)
        base::fatal(loaded.error().text);
    main = std::move(*loaded);
    std::string leaf = options.service_name.empty() ? std::string(program) : options.service_name;
    main.set("service_name", leaf);
    main.set("process_name", program);
    for (const auto& [name, value] : options.overrides)
        main.set(name, value);
    common.declare(main);
    for (const auto* set : sets)
        set->declare(main);
    if (auto origin = config::read_origin(main); !origin)
        base::fatal(origin.error().text);
    common.load(main, faults);
    for (auto* set : sets)
        set->load(main, faults);
    log = open_log(common, program);
    base::set_log_sink(log.get());
    bool bad = false;
    for (const auto& fault : faults) {
        if (!fault.warning)
            base::Log{}.error(fault.to_string());
        bad = bad || !fault.warning;
    }
    if (bad)
        base::fatal("bad configuration, see the lines above");
}

Service::Service(std::string_view program, int argc, char** argv,
                 std::vector<config::ParamSet*> sets)
    : state_(std::make_unique<State>())
{
    auto options = parse_options(argc, argv);
    if (!options)
        base::fatal(options.error().text);
    state_->options = std::move(*options);
    state_->load_configuration(sets, program);
    base::set_log_debug(state_->options.verbose);
    state_->has_master = !state_->options.stand_alone;
    if (state_->has_master && state_->options.service_name.empty())
        base::fatal(base::cat(program, " is started by master; by hand use -S"));
}

Service::~Service()
{
    base::set_log_sink(nullptr);
}

events::Loop& Service::loop()
{
    return state_->loop;
}
const base::Clock& Service::clock()
{
    return state_->loop.clock();
}
const config::MainCf& Service::main_cf() const
{
    return state_->main;
}
const config::CommonParams& Service::common() const
{
    return state_->common;
}
const std::string& Service::name() const
{
    return state_->options.service_name;
}
const std::vector<std::string>& Service::arguments() const
{
    return state_->options.arguments;
}
bool Service::stand_alone() const
{
    return state_->options.stand_alone;
}
bool Service::retiring() const
{
    return state_->retiring;
}
void Service::retire()
{
    state_->begin_retiring();
}
events::Notice& Service::retire_notice()
{
    return state_->retire;
}
void Service::on_wakeup(std::function<void()> wake)
{
    state_->wake = std::move(wake);
}
void Service::join_setgid_group()
{
    state_->in_setgid_group = true;
}
void Service::before_accept(std::function<bool()> is_fit)
{
    state_->is_fit = std::move(is_fit);
}
void Service::begin_work()
{
    ++state_->active;
}
void Service::end_work()
{
    state_->client_gone();
}
base::Scope& Service::scope()
{
    return state_->own;
}

void Service::State::enter()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN); // Reload comes from master as an order.
    raise_descriptor_limit();
    enter_jail({common.queue_directory(), options.chroot, !options.privileged && has_master,
                common.mail_owner(), limits.reach, in_setgid_group ? common.setgid_group() : ""});
}

void Service::State::begin_retiring()
{
    if (retiring)
        return;
    retiring = true;
    report();
    retire.notify();
    close_timer.arm(loop.now()); // Not here: we may be inside the task that accepts.
}

void Service::State::close_listeners()
{
    accepting.cancel();
    for (auto& listener : listeners) {
        base::Fd closing{listener->fd()};
        listener.reset();
    }
    listeners.clear();
    end_if_done();
}

void Service::State::end_if_done()
{
    if (retiring && active == 0 && listeners.empty())
        loop.stop();
}

void Service::State::report()
{
    if (!has_master)
        return;
    auto state = retiring       ? control::State::Retiring
                 : !has_place() ? control::State::Full
                 : busy         ? control::State::Busy
                                : control::State::Available;
    auto count = static_cast<std::uint32_t>(active);
    bool same = reported.state == state && (reported.clients == 0) == (count == 0);
    if (same)
        return;
    reported = {state, count};
    if (auto sent = control::send_report(control::worker_fd, reported); !sent)
        reported.state = control::State::Retiring; // Not taken: say it again next time.
}

// Whether this process used most of a processor since the last look.
void Service::State::measure_load()
{
    auto now = loop.now();
    auto cpu = cpu_used();
    auto share = static_cast<double>((cpu - window_cpu).count()) /
                 static_cast<double>(std::max<long>(1, (now - window_start).count()));
    busy = share > busy_share && active >= least_clients_when_busy;
    window_start = now;
    window_cpu = cpu;
    report();
    if (active >= least_clients_when_busy || busy)
        load_timer.arm(now + load_window);
}

void Service::State::client_came()
{
    ++active;
    ++served;
    idle_timer.disarm();
    if (active >= least_clients_when_busy && !load_timer.armed()) {
        window_start = loop.now();
        window_cpu = cpu_used();
        load_timer.arm(window_start + load_window);
    }
    report();
}

void Service::State::client_gone()
{
    --active;
    if (active + 1 >= limits.clients)
        places.notify();
    if (active == 0 && !limits.stays)
        idle_timer.arm(loop.now() + common.max_idle());
    report();
    end_if_done();
}

Task<void> Service::State::follow_master()
{
    while (true) {
        auto order = control::receive_order(control::worker_fd);
        if (!order && !order.error().temporary()) {
            begin_retiring(); // Master is gone. Another one may be coming: free its sockets.
            co_return;
        }
        if (!order) {
            co_await master_watch->readable(base::Deadline::never());
            continue;
        }
        switch (*order) {
        case control::Order::Retire: begin_retiring(); break;
        case control::Order::Wakeup:
            if (wake)
                wake();
            break;
        }
    }
}

Task<void> Service::State::serve_one(Client client)
{
    client_came();
    co_await handler(std::move(client));
    client_gone();
}

Task<void> Service::State::accept_clients(events::Watch& listener)
{
    bool short_of_descriptors = false;
    unsigned accepted = 0;
    while (!retiring) {
        if (!has_place()) {
            co_await places.wait();
            continue;
        }
        if (is_fit && !is_fit()) {
            begin_retiring();
            break;
        }
        auto taken = net::accept_one(listener.fd());
        if (!taken) {
            if (!short_of_descriptors)
                base::Log{}.warning(taken.error().text);
            short_of_descriptors = true;
            co_await events::sleep(loop, shortage_wait);
            continue;
        }
        short_of_descriptors = false;
        if (!taken->has_value()) {
            co_await listener.readable(base::Deadline::never());
            continue;
        }
        Client client{std::move((*taken)->fd), (*taken)->peer};
        clients.spawn(serve_one(std::move(client)));
        if (++accepted % accepts_per_turn == 0)
            co_await events::yield(loop);
        if (!limits.stays && served >= common.max_use() * limits.clients)
            begin_retiring();
    }
}

Task<void> Service::State::keep_watchdog()
{
    auto limit = std::chrono::duration_cast<std::chrono::seconds>(common.daemon_timeout());
    while (true) {
        ::alarm(static_cast<unsigned>(limit.count()));
        co_await events::sleep(loop, base::Duration(limit) / 3);
    }
}

void Service::State::start(std::function<Task<void>(events::Watch&)> listen)
{
    enter();
    if (has_master) {
        if (!base::set_nonblocking(control::worker_fd, true))
            base::fatal("started by hand without -S, or by a master that is not ours");
        master_watch = std::make_unique<events::Watch>(loop, control::worker_fd);
        frame.spawn(follow_master());
    }
    for (int i = 0; i < options.listeners; ++i) {
        int fd = control::first_listener_fd + i;
        if (!base::set_nonblocking(fd, true) || !base::set_close_on_exec(fd, true))
            base::fatal("a listening socket is missing");
        listeners.push_back(std::make_unique<events::Watch>(loop, fd));
        accepting.spawn(listen(*listeners.back()));
    }
    frame.spawn(keep_watchdog());
    report();
    if (!limits.stays)
        idle_timer.arm(loop.now() + common.max_idle());
}

int Service::State::finish()
{
    loop.run();
    frame.cancel();
    accepting.cancel();
    clients.cancel();
    own.cancel();
    return 0;
}

int Service::run(Limits limits, Handler handler)
{
    State& state = *state_;
    state.limits = limits;
    state.handler = std::move(handler);
    if (state.options.stand_alone) {
        state.enter();
        if (!base::set_nonblocking(STDIN_FILENO, true))
            base::fatal("standard input cannot be used");
        state.clients.spawn(state.serve_one(Client{base::Fd{STDIN_FILENO}, {}}));
        state.begin_retiring();
        return state.finish();
    }
    state.start([&state](events::Watch& listener) { return state.accept_clients(listener); });
    return state.finish();
}

Task<void> Service::State::take_datagrams(events::Watch& socket, std::size_t largest,
                                          std::function<void(std::string_view)> take)
{
    std::string buffer(largest, '\0');
    for (unsigned taken = 0; !retiring;) {
        if (++taken % datagrams_per_turn == 0)
            co_await events::yield(loop); // Master may want us while a flood comes in.
        ssize_t got = ::recv(socket.fd(), buffer.data(), buffer.size(), 0);
        if (got >= 0)
            take(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
        else if (errno == EAGAIN)
            co_await socket.readable(base::Deadline::never());
        else if (errno != EINTR)
            base::fatal(base::system_error("datagram socket", errno).text);
    }
}

int Service::run_datagrams(std::size_t largest, std::function<void(std::string_view)> take)
{
    State& state = *state_;
    state.limits = {1, true};
    state.start([&](events::Watch& socket) { return state.take_datagrams(socket, largest, take); });
    return state.finish();
}

int Service::run_alone()
{
    State& state = *state_;
    state.limits = {1, true};
    state.start([](events::Watch&) -> Task<void> { co_return; });
    return state.finish();
}

} // namespace service
