// SPDX-License-Identifier: Apache-2.0
// A daemon for tests of master and the process frame: gives lines back. "pid" is answered with the
// process id, "die" ends the process at once, "slow" is answered after a second, "burn" keeps the
// processor busy for a second.
#include <cstdlib>
#include <unistd.h>

#include "lib/event/timer.h"
#include "lib/net/stream.h"
#include "lib/service/service.h"

namespace {

struct EchoParams : config::ParamSet {
    config::Param<config::Int> client_limit{
        *this, {.name = "echo_client_limit", .value = "1", .min = "1", .doc = "For tests."}};
    config::Param<config::Text> greeting{
        *this, {.name = "echo_greeting", .value = "hello", .doc = "For tests."}};
};

void burn(const base::Clock& clock)
{
    auto end = clock.after(std::chrono::seconds(1));
    while (!end.passed(clock.mono())) {
    }
}

base::Task<std::string> answer(service::Service& service, std::string line)
{
    if (line == "pid")
        co_return std::to_string(::getpid());
    if (line == "die")
        ::_exit(EXIT_FAILURE);
    if (line == "slow")
        co_await events::sleep(service.loop(), std::chrono::seconds(1));
    if (line == "burn")
        burn(service.clock());
    co_return line;
}

base::Task<void> echo(service::Service& service, const EchoParams& params, service::Client client)
{
    net::Stream stream(service.loop(), std::move(client.fd));
    stream.write(base::cat(params.greeting(), "\n"));
    auto flushed = co_await stream.flush(base::Deadline::never());
    while (flushed == net::Io::Ok) {
        auto end = stream.buffered().find('\n');
        if (end == std::string_view::npos) {
            auto filled = co_await stream.fill(base::Deadline::never());
            if (filled != net::Io::Ok)
                co_return;
            continue;
        }
        std::string line(stream.buffered().substr(0, end));
        stream.consume(end + 1);
        std::string reply = co_await answer(service, std::move(line));
        reply.push_back('\n');
        stream.write(reply);
        flushed = co_await stream.flush(base::Deadline::never());
    }
}

} // namespace

int main(int argc, char** argv)
{
    EchoParams params;
    service::Service service{"echo", argc, argv, params};
    service.on_wakeup([] { base::Log{}.info("woken"); });
    return service.run({.clients = params.client_limit()}, [&](service::Client client) {
        return echo(service, params, std::move(client));
    });
}
