// SPDX-License-Identifier: Apache-2.0
// Requests to services; see kick.h.
#include "tools/postkick/kick.h"

#include <cerrno>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/qmgr.h"
#include "lib/net/socket.h"
#include "lib/net/stream.h"

namespace postkick {

using service::ExitStatus;

namespace {

constexpr auto patience = std::chrono::seconds(100);

struct Kick {
    events::Loop& loop;
    std::string socket;
    std::string request;
    base::Result<void> done = base::temporary("not tried");
};

base::Task<void> ask_qmgr(Kick& kick)
{
    ipc::Client<ipc::qmgr::Protocol> qmgr{kick.loop, kick.socket};
    const auto deadline = kick.loop.clock().after(patience);
    kick.done = co_await qmgr.connect(deadline);
    if (!kick.done)
        co_return;
    const Wish wish = wish_of(kick.request);
    base::Result<ipc::qmgr::Count> answer = ipc::qmgr::Count{};
    if (wish == Wish::FlushAll)
        answer = co_await qmgr.call(ipc::qmgr::FlushAll{}, deadline);
    else if (wish == Wish::Wake)
        answer = co_await qmgr.call(ipc::qmgr::Wake{}, deadline);
    if (!answer)
        kick.done = answer.error();
}

base::Task<void> send_bytes(Kick& kick)
{
    const auto deadline = kick.loop.clock().after(patience);
    auto connected = co_await net::connect_local(kick.loop, kick.socket, deadline);
    if (!connected) {
        kick.done = connected.error();
        co_return;
    }
    net::Stream stream(kick.loop, std::move(*connected));
    auto sent = co_await stream.send(kick.request, deadline);
    // One that only wants to be woken may have closed without reading.
    if (sent == net::Io::TimedOut)
        kick.done = base::temporary("the request was not taken");
    else
        kick.done = {};
}

bool is_service_name(std::string_view name)
{
    return !name.empty() && name.find('/') == std::string_view::npos && name != "." && name != "..";
}

} // namespace

Wish wish_of(std::string_view request)
{
    if (request.find_first_of("AF") != std::string_view::npos)
        return Wish::FlushAll;
    return request.find_first_of("DIW") != std::string_view::npos ? Wish::Wake : Wish::Nothing;
}

base::Result<Options> parse_options(int argc, char** argv)
{
    constexpr const char* usage = "usage: postkick [-c config_dir] [-v] class service request";
    Options options;
    optind = 1;
    opterr = 0; // The usage line says enough.
    for (int letter; (letter = ::getopt(argc, argv, "+c:v")) != -1;) {
        if (letter == 'c')
            options.config_directory = optarg;
        else if (letter == 'v')
            options.verbose = true;
        else
            return base::permanent(usage);
    }
    if (argc - optind != 3)
        return base::permanent(usage);
    options.service_class = argv[optind];
    options.service = argv[optind + 1];
    options.request = argv[optind + 2];
    return options;
}

int run(const service::Command& command, const config::PostqueueParams& params,
        const Options& options)
{
    const auto& log = command.log();
    const bool known_class =
        options.service_class == "public" || options.service_class == "private";
    if (::chdir(command.common().queue_directory().c_str()) != 0)
        return command.fail(ExitStatus::Failure,
                            base::system_error("chdir to the queue directory", errno).text);
    events::Loop loop;
    Kick kick{loop, base::cat(options.service_class, "/", options.service), options.request};
    base::Scope scope;
    const bool qmgr =
        options.service_class == "public" && options.service == params.queue_service_name();
    if (!known_class || !is_service_name(options.service))
        kick.done = base::permanent("no such service");
    else
        scope.spawn(qmgr ? ask_qmgr(kick) : send_bytes(kick));
    while (!scope.empty())
        loop.turn(std::chrono::seconds(1));
    if (kick.done)
        return static_cast<int>(ExitStatus::Ok);
    log.warning("unable to use ", kick.socket, ": ", kick.done.error().text);
    log.warning("Cannot contact class ", options.service_class, " service ", options.service,
                " - perhaps the mail system is down");
    return static_cast<int>(ExitStatus::Failure);
}

} // namespace postkick
