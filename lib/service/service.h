// SPDX-License-Identifier: Apache-2.0
// The process frame of all daemons: options, configuration, log, loop; then the jail; then clients,
// one coroutine each, until master retires the process or it has nothing more to do.
//
// A daemon's main builds its parts with privileges, then calls run(), which is the jail door: after
// it there is no root, no other directory, no descriptor that was not handed in.
//
// Options, as master gives them: -n NAME the service's name in master.cf, -t TYPE, -s COUNT of
// listening sockets, -u keep the privileges of root, -c change root to the queue directory, -l NUM
// process limit of the service, -v, -D, -o name=value. By hand: -S serves one client on standard
// input and output.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "lib/base/task.h"
#include "lib/config/params/common.h"
#include "lib/event/notice.h"
#include "lib/net/address.h"
#include "lib/service/sandbox.h"

namespace service {

// A client that was accepted. For UNIX sockets `peer` is empty.
struct Client {
    base::Fd fd;
    net::Address peer;
};

struct Limits {
    // Clients that one worker serves at a time; the daemon's <program>_client_limit parameter.
    std::int64_t clients = 1;
    // Ends after this many idle seconds and max_use clients; off for services that stay.
    bool stays = false;
    // What the daemon may do once it is in its jail.
    Reach reach = {};
};

class Service {
public:
    // Reads options and configuration; on a fault of either, tells all of them and ends. `sets`
    // are the daemon's own parameters, and outlive the service.
    template <typename... Sets>
    Service(std::string_view program, int argc, char** argv, Sets&... sets)
        : Service(program, argc, argv, std::vector<config::ParamSet*>{&sets...})
    {
    }
    Service(std::string_view program, int argc, char** argv, std::vector<config::ParamSet*> sets);
    Service(const Service&) = delete;
    ~Service();

    events::Loop& loop();
    const base::Clock& clock();
    const config::MainCf& main_cf() const;
    const config::CommonParams& common() const;
    // The service's name in master.cf, such as "smtp" or "127.0.0.1:10025".
    const std::string& name() const;
    // The daemon's own arguments that are no options of the frame.
    const std::vector<std::string>& arguments() const;
    bool stand_alone() const; // -S

    // Asked to finish: after this nothing new comes. Long-lived clients that are idle should end.
    bool retiring() const;
    events::Notice& retire_notice();
    // Makes room for a fresh process: what was begun is finished here, what is new comes there. For
    // daemons whose tables changed so that only another process can read them.
    void retire();
    // Called for each wakeup of master.cf's wakeup column. Set before run().
    void on_wakeup(std::function<void()> wake);
    // Asked before each accept(2). False: this process must not serve another client, and makes
    // room for a fresh one, to which the client is left. Set before run().
    void before_accept(std::function<bool()> is_fit);
    // Work of the daemon's own that must be finished before the process ends, though no client
    // waits for it. Counts like a client.
    void begin_work();
    void end_work();
    // Tasks of the daemon itself, side by side with its clients; cancelled at the end.
    base::Scope& scope();

    // Behind the jail door the process is a member of setgid_group, to which the files in maildrop
    // are readable. Before run().
    void join_setgid_group();

    // Serves until retired. Returns the exit status.
    using Handler = std::function<base::Task<void>(Client)>;
    int run(Limits limits, Handler handler);

    // The same for datagram services: `take` gets each datagram of at most `largest` bytes.
    int run_datagrams(std::size_t largest, std::function<void(std::string_view)> take);

    // The same for services without clients of their own (started by wakeup only).
    int run_alone();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace service
