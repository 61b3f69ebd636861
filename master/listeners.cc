// SPDX-License-Identifier: Apache-2.0
// Listening sockets; see listeners.h.
#include "master/listeners.h"

#include <cerrno>
#include <set>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/net/socket.h"

namespace master {

namespace {

constexpr unsigned socket_mode = 0666; // The directory decides who may come near.

// Bind errors that mean: this machine has no such address.
bool address_is_missing(int code)
{
    return code == EADDRNOTAVAIL || code == EAFNOSUPPORT || code == EPROTONOSUPPORT;
}

// The rights of the sockets' owner for as long as it lives.
class BorrowedRights {
public:
    explicit BorrowedRights(SocketOwner owner) : root_(::geteuid() == 0 && owner.uid != 0)
    {
        if (root_)
            good_ = ::setegid(owner.gid) == 0 && ::seteuid(owner.uid) == 0;
    }
    ~BorrowedRights()
    {
        if (root_ && (::seteuid(0) != 0 || ::setegid(0) != 0))
            base::fatal("cannot get the rights of root back");
    }
    BorrowedRights(const BorrowedRights&) = delete;
    BorrowedRights& operator=(const BorrowedRights&) = delete;
    bool good() const { return good_; }

private:
    bool root_;
    bool good_ = true;
};

base::Result<base::Fd> bind_endpoint(const Endpoint& endpoint, SocketOwner owner)
{
    if (endpoint.kind == Endpoint::Kind::Inet)
        return net::listen_inet(endpoint.address, Listeners::backlog);
    BorrowedRights rights(owner);
    if (!rights.good())
        return base::permanent("cannot take the rights of mail_owner");
    return endpoint.kind == Endpoint::Kind::Stream
               ? net::listen_unix(endpoint.path, Listeners::backlog, socket_mode)
               : net::bind_datagram(endpoint.path, socket_mode);
}

std::string hint_for(const Endpoint& endpoint, int code)
{
    if (code == EADDRINUSE)
        return "another program, or another mail system, listens there";
    if (code == EACCES && endpoint.kind == Endpoint::Kind::Inet)
        return "ports below 1024 need root";
    if (endpoint.kind != Endpoint::Kind::Inet && code == ENOENT)
        return "run postfix check, which makes missing directories";
    if (code == EADDRNOTAVAIL)
        return "this machine has no such address";
    return "";
}

} // namespace

// A socket file that somebody removed is made again.
bool Listeners::usable(const Endpoint& endpoint) const
{
    if (open_.find(endpoint.key()) == open_.end())
        return false;
    if (endpoint.kind == Endpoint::Kind::Inet)
        return true;
    struct stat about {};
    return ::lstat(endpoint.path.c_str(), &about) == 0 && S_ISSOCK(about.st_mode);
}

bool Listeners::open(const std::vector<ServiceSpec>& services, SocketOwner owner,
                     config::Faults& faults)
{
    std::map<std::string, base::Fd> fresh;
    bool good = true;
    for (const auto& service : services) {
        for (const auto& endpoint : service.endpoints) {
            if (usable(endpoint))
                continue;
            errno = 0;
            auto bound = bind_endpoint(endpoint, owner);
            int code = errno;
            if (bound) {
                fresh[endpoint.key()] = std::move(*bound);
            } else if (!endpoint.optional || !address_is_missing(code)) {
                config::add_fault(
                    faults, {service.entry.file, service.entry.line, false,
                             base::cat("service ", service.entry.key(), ": ", bound.error().text),
                             hint_for(endpoint, code)});
                good = false;
            }
        }
    }
    if (!good)
        return false;
    for (auto& [key, fd] : fresh)
        open_[key] = std::move(fd);
    return true;
}

void Listeners::drop_unused(const std::vector<ServiceSpec>& services)
{
    std::set<std::string> wanted;
    std::set<std::string> paths;
    for (const auto& service : services) {
        for (const auto& endpoint : service.endpoints) {
            wanted.insert(endpoint.key());
            paths.insert(endpoint.path);
        }
    }
    for (auto it = open_.begin(); it != open_.end();) {
        if (wanted.count(it->first) != 0) {
            ++it;
            continue;
        }
        std::string path = it->first.substr(it->first.find(':') + 1);
        if (!it->first.starts_with("inet:") && paths.count(path) == 0)
            ::unlink(path.c_str());
        it = open_.erase(it);
    }
}

void Listeners::close_inet()
{
    std::erase_if(open_, [](const auto& socket) { return socket.first.starts_with("inet:"); });
}

std::vector<int> Listeners::of(const ServiceSpec& service) const
{
    std::vector<int> numbers;
    for (const auto& endpoint : service.endpoints) {
        auto found = open_.find(endpoint.key());
        if (found != open_.end())
            numbers.push_back(found->second.number());
    }
    return numbers;
}

std::vector<int> Listeners::all() const
{
    std::vector<int> numbers;
    numbers.reserve(open_.size());
    for (const auto& [key, fd] : open_)
        numbers.push_back(fd.number());
    return numbers;
}

std::string Listeners::describe() const
{
    std::string text;
    for (const auto& [key, fd] : open_)
        base::append(text, fd.number(), ' ', key, '\n');
    return text;
}

void Listeners::adopt(std::string_view description)
{
    while (!description.empty()) {
        std::string_view line = base::cut(description, '\n');
        std::string_view number = base::cut(line, ' ');
        auto fd = base::parse_int<int>(number);
        int listening = 0;
        socklen_t size = sizeof listening;
        if (!fd || *fd < 3 || line.empty() ||
            ::getsockopt(*fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0)
            continue;
        base::Fd adopted{*fd};
        if (base::set_close_on_exec(*fd, true))
            open_[std::string(line)] = std::move(adopted);
    }
}

} // namespace master
