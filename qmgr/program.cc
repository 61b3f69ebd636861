// SPDX-License-Identifier: Apache-2.0
// Putting the queue manager together; see program.h.
#include "qmgr/program.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <pwd.h>
#include <random>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/config/master_cf.h"
#include "lib/config/notify_class.h"
#include "lib/delivery/table_watch.h"
#include "lib/event/timer.h"
#include "lib/service/log_setup.h"

namespace qmgr {

using base::Task;

namespace {

constexpr auto lock_pause = std::chrono::milliseconds(50);
constexpr std::size_t client_limit = 10'000;
constexpr std::size_t calls_per_client = 100;

std::uint64_t random_seed()
{
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) | device();
}

template <typename T> T must(base::Result<T> result)
{
    if (!result)
        base::fatal(result.error().text);
    return std::move(*result);
}

// Worker processes that master allows each transport.
std::map<std::string, std::size_t, std::less<>> process_limits(const config::MainCf& main)
{
    std::map<std::string, std::size_t, std::less<>> limits;
    config::Faults faults; // Master has told them.
    auto master =
        config::MasterCf::load(main.directory(), config::MasterCf::Defaults::of(main), faults);
    if (!master)
        return limits;
    for (const auto& entry : master->entries()) {
        if (entry.type != config::ServiceType::Unix)
            continue;
        bool unlimited = entry.max_processes == 0;
        limits[entry.name] = unlimited ? SIZE_MAX : static_cast<std::size_t>(entry.max_processes);
    }
    return limits;
}

// Each active message has its file open, and its journal once there is a result to keep.
std::size_t active_limit(std::int64_t wanted)
{
    constexpr std::size_t descriptors_each = 2, most_reserved = 2'000;
    const auto limit = static_cast<std::size_t>(wanted);
    rlimit open{};
    if (::getrlimit(RLIMIT_NOFILE, &open) != 0 || open.rlim_cur == RLIM_INFINITY)
        return limit;
    const auto files = static_cast<std::size_t>(open.rlim_cur);
    const std::size_t reserved = std::min(files / 4, most_reserved); // Clients, agents, tables.
    const std::size_t possible = std::max<std::size_t>(1, (files - reserved) / descriptors_each);
    if (possible < limit)
        base::Log{}.warning("qmgr_message_active_limit: ", limit, " is more than ", files,
                            " open files permit; using ", possible);
    return std::min(limit, possible);
}

uid_t user_id(const std::string& name)
{
    const passwd* user = ::getpwnam(name.c_str());
    return user == nullptr ? ::geteuid() : user->pw_uid;
}

base::Fd open_lock(const std::string& path)
{
    base::Fd fd{::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!fd)
        base::fatal(base::system_error(base::cat("open ", path), errno).text);
    return fd;
}

Notices notices(const config::CommonParams& common, const Params& params)
{
    return {.delay_warning_time = params.lifetime.delay_warning_time(),
            .confirm_delay_cleared = params.qmgr.confirm_delay_cleared(),
            .soft_bounce = params.qmgr.soft_bounce(),
            .double_bounce =
                config::notice_sender(params.route.double_bounce_sender(), common.myhostname()),
            .verp_apart = !params.verp.disable_bounces()};
}

std::unique_ptr<base::LogSink> error_log(const config::CommonParams& common)
{
    return service::open_log(common, "error");
}

} // namespace

Program::Program(service::Service& service, const Params& params)
    : service_(service), params_(params), owner_(user_id(service.common().mail_owner())),
      spool_(must(queue::Spool::open(service.common().queue_directory(), params.queue))),
      ground_({.loop = &service.loop()}, params.route, service.common()),
      routes_(ground_.tables, ground_.destinations),
      router_(routes_, [this] { (void)delivery::tables_are_current(service_, ground_.tables); }),
      labels_({ground_.tables, "failure_class_maps", params.classes.failure_class_maps()}),
      reports_(service.loop(), {.suppress = params.suppression.failure_suppression(),
                                .hold = params.suppression.failure_suppression_action() ==
                                        config::SuppressionAction::Hold,
                                .begin_work = [this] { service_.begin_work(); },
                                .end_work = [this] { service_.end_work(); }}),
      agents_(service.loop(), process_limits(service.main_cf()),
              static_cast<std::size_t>(service.common().default_process_limit())),
      catalog_(service.main_cf(), params.qmgr),
      scheduler_(queue_limits(params.qmgr), catalog_, random_seed()),
      retry_(retry_times(params.qmgr, params.lifetime), random_seed()),
      error_log_(error_log(service.common()))
{
    for (const auto& fault : ground_.tables.faults())
        base::Log{}.warning(fault);
}

void Program::make_manager()
{
    // Without it deferred mail would never be tried again.
    auto index = must(queue::Index::open(
        {.path = base::cat(service_.common().data_directory(), "/", queue::index_file_name)}));
    Manager::Parts parts{service_.loop(),
                         spool_.directories,
                         std::move(index),
                         router_,
                         agents_,
                         scheduler_,
                         retry_,
                         params_.qmgr.queue_run_delay(),
                         active_limit(params_.qmgr.message_active_limit()),
                         error_log_.get(),
                         [this] { service_.begin_work(); },
                         [this] { service_.end_work(); },
                         &labels_,
                         &reports_,
                         params_.qmgr.default_filter_nexthop(),
                         params_.verp.delimiter_filter(),
                         notices(service_.common(), params_),
                         !params_.badmail.directory().empty(),
                         base::cat("public/", params_.qmgr.pickup_service_name())};
    manager_ = std::make_unique<Manager>(std::move(parts));
}

// Waits until an earlier queue manager has let go, then works until we are to retire.
Task<void> Program::begin()
{
    co_await events::yield(service_.loop()); // Go on inside the jail, where files are our own.
    lock_ = open_lock(service_.common().data_directory() + "/qmgr.lock");
    while (true) {
        auto locked = base::try_lock(lock_.number());
        if (locked && *locked)
            break;
        co_await events::sleep(service_.loop(), lock_pause);
    }
    make_manager();
    service_.on_wakeup([this] { manager_->wakeup(); });
    manager_->start(service_.scope());
    service_.scope().spawn(reports_.run());
    while (!service_.retiring())
        co_await service_.retire_notice().wait();
    manager_->retire();
    lock_.reset();
}

Task<void> Program::serve(base::Fd client)
{
    ucred peer{0, static_cast<uid_t>(-1), static_cast<gid_t>(-1)};
    socklen_t size = sizeof peer;
    ::getsockopt(client.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size);
    while (manager_ == nullptr)
        co_await events::sleep(service_.loop(), lock_pause);
    Commands commands{*manager_, peer.uid, owner_};
    const ipc::ServeOptions options{.concurrent = calls_per_client};
    co_await service::serve_ipc<ipc::qmgr::Protocol>(service_, std::move(client), commands,
                                                     options);
    // A cleanup process that was killed may have queued messages without telling.
    if (peer.uid == owner_ && manager_ != nullptr)
        manager_->look_again();
}

int Program::run()
{
    service_.join_setgid_group(); // To find what waits in maildrop.
    service_.scope().spawn(begin());
    return service_.run({.clients = client_limit, .stays = true, .reach = {.network = false}},
                        [this](service::Client client) { return serve(std::move(client.fd)); });
}

} // namespace qmgr
