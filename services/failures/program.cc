// SPDX-License-Identifier: Apache-2.0
// Putting the failures service together; see program.h.
#include "services/failures/program.h"

#include <utility>

#include "lib/base/strings.h"
#include "lib/event/timer.h"
#include "lib/service/ipc_service.h"

namespace failures {

using base::Task;

namespace {

constexpr std::string_view file_name = "failures.lmdb";
constexpr auto lock_pause = std::chrono::milliseconds(50);
constexpr std::int64_t client_limit = 10'000;

} // namespace

Rules rules_of(const config::FailuresParams& params)
{
    Rules rules;
    rules.soft_limit = static_cast<std::uint64_t>(params.soft_limit());
    rules.suppress = params.failure_suppression();
    rules.log = params.class_log();
    for (const std::string& name : params.suppression_classes()) {
        const auto kind = mail::failure_class_of(name);
        if (kind && *kind != mail::FailureClass::None)
            rules.suppressing.insert(*kind);
        else
            base::Log{}.warning("failure_suppression_classes: ", name, " is no class of failure");
    }
    return rules;
}

Program::Program(service::Service& service, const config::FailuresParams& params)
    : service_(service), options_{base::cat(service.common().data_directory(), "/", file_name),
                                  static_cast<std::uint64_t>(params.entry_limit()),
                                  params.expire_time()},
      server_(rules_of(params), service.loop().clock())
{
}

// After a reload the old process has the store until its clients are done.
Task<void> Program::open_store()
{
    co_await events::yield(service_.loop()); // Go on inside the jail, where files are our own.
    bool told = false;
    while (!service_.retiring()) {
        auto store = Store::open(options_);
        if (store) {
            server_.use(std::move(*store));
            break;
        }
        if (!store.error().temporary() && !std::exchange(told, true))
            base::Log{}.warning(store.error().text);
        co_await events::sleep(service_.loop(), lock_pause);
    }
    while (!service_.retiring())
        co_await service_.retire_notice().wait();
    server_.close();
}

Task<void> Program::serve(base::Fd client)
{
    co_await service::serve_ipc<ipc::failures::Protocol>(service_, std::move(client), server_);
}

int Program::run()
{
    service_.scope().spawn(open_store());
    return service_.run({.clients = client_limit, .stays = true, .reach = {.network = false}},
                        [this](service::Client client) { return serve(std::move(client.fd)); });
}

} // namespace failures
