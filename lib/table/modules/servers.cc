// SPDX-License-Identifier: Apache-2.0
// Servers of a database; see servers.h.
#include "lib/table/modules/servers.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace table {

// Libraries like to say more than a line.
static std::string one_line(std::string_view text)
{
    std::string line(base::trim(text));
    std::replace_if(line.begin(), line.end(), base::is_blank, ' ');
    return line;
}

ServerAddress ServerAddress::parse(std::string_view text)
{
    ServerAddress made;
    if (text.starts_with("unix:")) {
        made.is_socket = true;
        made.text = text.substr(5);
        const auto end = made.text.find_last_not_of("0123456789");
        const bool has_port = end + 1 < made.text.size() && made.text[end] == ':';
        made.host = has_port ? made.text.substr(0, end) : made.text;
        made.port = has_port ? made.text.substr(end + 1) : "";
        return made;
    }
    if (text.starts_with("inet:"))
        text.remove_prefix(5);
    made.text = text;
    const auto colon = text.rfind(':');
    const auto bracket = text.rfind(']');
    const bool has_port =
        colon != std::string_view::npos &&
        (bracket == std::string_view::npos ? text.find(':') == colon : colon > bracket);
    if (has_port)
        made.port = text.substr(colon + 1);
    std::string_view host = has_port ? text.substr(0, colon) : text;
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    made.host = host;
    return made;
}

std::vector<std::string> host_list(const std::string& hosts)
{
    std::vector<std::string> list;
    for (std::string_view host : base::split(hosts, ", \t\r\n"))
        list.emplace_back(host);
    return list;
}

std::string identity_of(const TableSettings& settings, std::span<const std::string_view> names)
{
    std::string identity;
    for (std::string_view name : names) {
        const std::string& text = settings.text(name);
        base::append(identity, settings.given(name) ? "+" : "-", text.size(), ":", text);
    }
    return identity;
}

Servers::Servers(Settings settings, Connect connect, Clock clock)
    : settings_(std::move(settings)), connect_(std::move(connect)), clock_(std::move(clock)),
      random_(std::random_device{}())
{
    if (settings_.hosts.empty())
        settings_.hosts.emplace_back("localhost");
    for (const std::string& host : settings_.hosts)
        servers_.push_back({.address = ServerAddress::parse(host)});
}

// The best class of servers that has any: connected before not, sockets before the network.
Servers::Server* Servers::choose(Time now)
{
    std::vector<Server*> best;
    int best_rank = 0;
    for (Server& server : servers_) {
        const bool connected = server.connection != nullptr;
        if (!connected && now < server.not_before)
            continue;
        const int rank = (connected ? 0 : 2) + (server.address.is_socket ? 0 : 1);
        if (best.empty() || rank < best_rank)
            best.clear();
        if (best.empty() || rank == best_rank)
            best.push_back(&server);
        best_rank = best.size() == 1 && best.front() == &server ? rank : best_rank;
    }
    return best.empty() ? nullptr : best[random_() % best.size()];
}

void Servers::failed(Server& server)
{
    server.connection.reset();
    server.not_before = clock_() + settings_.retry;
}

void Servers::connect(Server& server, Notes& notes)
{
    auto made = connect_(server.address);
    if (made) {
        server.connection = std::move(*made);
        return;
    }
    notes.warning(base::cat("connect to ", settings_.kind, " server ", server.address.text, ": ",
                            one_line(made.error().text)));
    failed(server);
}

Reply Servers::ask_once(Server& server, const Ask& ask, Notes& notes)
{
    const bool kept = server.connection != nullptr;
    if (!kept)
        connect(server, notes);
    if (server.connection == nullptr)
        return {Reply::Kind::Lost, "no connection"};
    Reply reply = ask(*server.connection);
    if (reply.kind == Reply::Kind::Lost && kept) {
        server.connection.reset();
        connect(server, notes);
        if (server.connection == nullptr)
            return reply;
        reply = ask(*server.connection);
    }
    server.used = clock_();
    if (reply.kind == Reply::Kind::Lost) {
        notes.warning(base::cat(settings_.kind, " query failed: ", server.address.text, ": ",
                                one_line(reply.text)));
        failed(server);
    }
    return reply;
}

base::Result<void> Servers::ask(const Ask& ask, Notes& notes)
{
    tidy();
    const Time began = clock_();
    std::string why = "no server could be asked, and it is too early to try again";
    while (Server* server = choose(clock_())) {
        Reply reply = ask_once(*server, ask, notes);
        switch (reply.kind) {
        case Reply::Kind::Answered: return {};
        case Reply::Kind::Refused:
            return failure(base::cat("query failed: ", one_line(reply.text)));
        case Reply::Kind::Lost: why = "no server could be asked"; break;
        }
        if (clock_() - began >= std::chrono::seconds(kLookupSeconds))
            return failure("no server answered in time");
        if (settings_.retry.count() == 0)
            break; // Otherwise the same one would be tried for ever.
    }
    return failure(why);
}

void Servers::tidy()
{
    const Time now = clock_();
    for (Server& server : servers_)
        if (server.connection && now - server.used >= settings_.idle)
            server.connection.reset();
}

std::shared_ptr<Servers> SharedServers::get(const std::string& identity,
                                            const std::function<std::shared_ptr<Servers>()>& make)
{
    if (auto known = servers_[identity].lock())
        return known;
    auto made = make();
    servers_[identity] = made;
    return made;
}

void SharedServers::tidy()
{
    for (auto& [identity, known] : servers_)
        if (auto servers = known.lock())
            servers->tidy();
}

} // namespace table
