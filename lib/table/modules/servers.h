// SPDX-License-Identifier: Apache-2.0
// The servers of a database, any of which may answer: which one is asked, when one that failed is
// tried again, and the connections, which are kept while they are used. Tables with the same
// servers, user and so on share them.
#pragma once

#include <chrono>
#include <functional>
#include <random>

#include "lib/table/module.h"

namespace table {

struct ServerAddress {
    std::string text;       // As in `hosts`, without "inet:".
    bool is_socket = false; // A UNIX-domain socket, at `host`.
    std::string host;       // Without brackets.
    std::string port;       // A number or a name; empty: the usual one.

    // "unix:/path", "unix:/path:port", "inet:host:port", "host", "[::1]:port".
    static ServerAddress parse(std::string_view text);
};

class Connection {
public:
    virtual ~Connection() = default;
};

// What became of one question.
struct Reply {
    enum class Kind : unsigned char {
        Answered,
        Refused, // The server works, and does not like the question.
        Lost,    // The connection is of no use any more; another one may be.
    };
    Kind kind = Kind::Answered;
    std::string text = {}; // Unless answered.
};

class Servers {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Clock = std::function<Time()>;
    using Connect = std::function<base::Result<std::unique_ptr<Connection>>(const ServerAddress&)>;
    using Ask = std::function<Reply(Connection&)>;

    struct Settings {
        std::string kind;               // "mysql", for messages.
        std::vector<std::string> hosts; // None: localhost.
        std::chrono::seconds idle{60};
        std::chrono::seconds retry{60};
    };
    Servers(Settings settings, Connect connect, Clock clock = &std::chrono::steady_clock::now);

    // Asks one of those that have a connection; else the others, sockets first, in random order,
    // but not those that failed less than `retry` ago. A connection that was kept and is lost is
    // made once more: the server may have been started anew. Each failure is a warning.
    base::Result<void> ask(const Ask& ask, Notes& notes);

    // Closes connections that have not been used for `idle`.
    void tidy();

private:
    struct Server {
        ServerAddress address;
        std::unique_ptr<Connection> connection = {};
        Time used = {};       // Last.
        Time not_before = {}; // Try again.
    };
    Server* choose(Time now);
    void connect(Server& server, Notes& notes);
    void failed(Server& server);
    Reply ask_once(Server& server, const Ask& ask, Notes& notes);

    Settings settings_;
    Connect connect_;
    Clock clock_;
    std::minstd_rand random_;
    std::vector<Server> servers_;
};

// Servers by all that matters of their settings, shared as long as a table has them.
class SharedServers {
public:
    // Those of `identity`, made by `make` if need be.
    std::shared_ptr<Servers> get(const std::string& identity,
                                 const std::function<std::shared_ptr<Servers>()>& make);
    void tidy();

private:
    std::map<std::string, std::weak_ptr<Servers>> servers_;
};

// The elements of `hosts`: separated by blanks and commas.
std::vector<std::string> host_list(const std::string& hosts);

// A text that tells apart all tables whose connections cannot be shared.
std::string identity_of(const TableSettings& settings, std::span<const std::string_view> names);

} // namespace table
