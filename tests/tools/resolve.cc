// SPDX-License-Identifier: Apache-2.0
// Asks a resolver, for tests: each line of standard input is one question, all are asked at once;
// each answer is a line "NUMBER KIND STATUS ..." in order of arrival.
//   resolve SOCKET SECONDS
//   query NAME TYPE | host NAME | peer ADDRESS
#include <cstdio>
#include <iostream>
#include <sstream>

#include "lib/event/timer.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/resolver.h"

using namespace ipc::resolver;
using Resolver = ipc::Client<Protocol>;

static const char* name_of(Status status)
{
    switch (status) {
    case Status::Ok: return "ok";
    case Status::NoData: return "nodata";
    case Status::NoDomain: return "nodomain";
    case Status::TemporaryFailure: return "temporary";
    case Status::Bogus: return "bogus";
    }
    return "?";
}

static void show(int number, const char* kind, const base::Result<Answer>& answer)
{
    if (!answer) {
        std::printf("%d %s error %s\n", number, kind, answer.error().text.c_str());
        return;
    }
    std::printf("%d %s %s %zu", number, kind, name_of(answer->status), answer->records.size());
    for (std::size_t i = 0; i < answer->records.size() && i < 5; ++i)
        std::printf(" %s", answer->records[i].data.c_str());
    std::printf("\n");
}

static base::Task<void> ask_query(Resolver& resolver, int number, Query query, base::Deadline end)
{
    auto answer = co_await resolver.call(std::move(query), end);
    show(number, "query", answer);
}

static base::Task<void> ask_host(Resolver& resolver, int number, HostQuery query,
                                 base::Deadline end)
{
    auto answer = co_await resolver.call(std::move(query), end);
    show(number, "host", answer);
}

static base::Task<void> ask_peer(Resolver& resolver, int number, PeerQuery query,
                                 base::Deadline end)
{
    auto peer = co_await resolver.call(std::move(query), end);
    if (!peer)
        std::printf("%d peer error %s\n", number, peer.error().text.c_str());
    else
        std::printf("%d peer %s '%s' %s %s\n", number, name_of(peer->status),
                    peer->reverse_name.c_str(), name_of(peer->forward),
                    peer->confirmed ? "confirmed" : "unconfirmed");
}

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    events::Loop loop;
    Resolver resolver(loop, argv[1]);
    const auto end = loop.clock().after(std::chrono::seconds(std::atoi(argv[2])));
    base::Scope scope;
    int number = 0;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string kind, name;
        unsigned type = 1;
        words >> kind >> name >> type;
        ++number;
        if (kind == "query")
            scope.spawn(ask_query(resolver, number, {name, static_cast<std::uint16_t>(type)}, end));
        else if (kind == "host")
            scope.spawn(ask_host(resolver, number, {name, true, true, true}, end));
        else
            scope.spawn(ask_peer(resolver, number, {name}, end));
    }
    while (!scope.empty())
        loop.turn(std::chrono::milliseconds(50));
    return 0;
}
