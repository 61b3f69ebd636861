// SPDX-License-Identifier: Apache-2.0
// Socket addresses; see address.h.
#include "lib/net/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/un.h>

namespace net {

static sockaddr_in& as_inet(sockaddr_storage& storage)
{
    return reinterpret_cast<sockaddr_in&>(storage);
}
static const sockaddr_in& as_inet(const sockaddr_storage& storage)
{
    return reinterpret_cast<const sockaddr_in&>(storage);
}
static sockaddr_in6& as_inet6(sockaddr_storage& storage)
{
    return reinterpret_cast<sockaddr_in6&>(storage);
}
static const sockaddr_in6& as_inet6(const sockaddr_storage& storage)
{
    return reinterpret_cast<const sockaddr_in6&>(storage);
}

std::optional<Address> Address::parse(std::string_view numeric, std::uint16_t port)
{
    if (numeric.size() >= INET6_ADDRSTRLEN || numeric.find('\0') != std::string_view::npos)
        return std::nullopt;
    std::string text(numeric);
    sockaddr_storage storage{};
    if (::inet_pton(AF_INET, text.c_str(), &as_inet(storage).sin_addr) == 1) {
        as_inet(storage).sin_family = AF_INET;
        as_inet(storage).sin_port = htons(port);
        return from_sockaddr(reinterpret_cast<sockaddr*>(&storage), sizeof(sockaddr_in));
    }
    if (::inet_pton(AF_INET6, text.c_str(), &as_inet6(storage).sin6_addr) == 1) {
        as_inet6(storage).sin6_family = AF_INET6;
        as_inet6(storage).sin6_port = htons(port);
        return from_sockaddr(reinterpret_cast<sockaddr*>(&storage), sizeof(sockaddr_in6));
    }
    return std::nullopt;
}

Address Address::unix_path(std::string_view path)
{
    Address address;
    auto& local = reinterpret_cast<sockaddr_un&>(address.storage_);
    local.sun_family = AF_UNIX;
    std::size_t size = std::min(path.size(), sizeof local.sun_path - 1);
    std::memcpy(local.sun_path, path.data(), size);
    address.size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size + 1);
    return address;
}

Address Address::from_sockaddr(const sockaddr* from, socklen_t size)
{
    Address address;
    address.size_ = std::min<socklen_t>(size, sizeof address.storage_);
    std::memcpy(&address.storage_, from, address.size_);
    if (address.family() == Family::Inet6) {
        in6_addr six = as_inet6(address.storage_).sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&six)) {
            std::uint16_t port = address.port();
            address = Address{};
            as_inet(address.storage_).sin_family = AF_INET;
            as_inet(address.storage_).sin_port = htons(port);
            std::memcpy(&as_inet(address.storage_).sin_addr, six.s6_addr + 12, 4);
            address.size_ = sizeof(sockaddr_in);
        }
    }
    return address;
}

Family Address::family() const
{
    if (size_ == 0)
        return Family::None;
    switch (storage_.ss_family) {
    case AF_INET: return Family::Inet;
    case AF_INET6: return Family::Inet6;
    case AF_UNIX: return Family::Unix;
    }
    return Family::None;
}

std::string_view Address::bytes() const
{
    switch (family()) {
    case Family::Inet: return {reinterpret_cast<const char*>(&as_inet(storage_).sin_addr), 4};
    case Family::Inet6: return {reinterpret_cast<const char*>(&as_inet6(storage_).sin6_addr), 16};
    case Family::None:
    case Family::Unix: return {};
    }
    return {};
}

bool Address::is_loopback() const
{
    if (family() == Family::Inet)
        return bytes()[0] == 127;
    return family() == Family::Inet6 && IN6_IS_ADDR_LOOPBACK(&as_inet6(storage_).sin6_addr);
}

bool Address::is_any() const
{
    auto all = bytes();
    return !all.empty() && std::all_of(all.begin(), all.end(), [](char c) { return c == 0; });
}

std::string Address::host() const
{
    char text[INET6_ADDRSTRLEN] = {};
    switch (family()) {
    case Family::Inet:
        ::inet_ntop(AF_INET, &as_inet(storage_).sin_addr, text, sizeof text);
        return text;
    case Family::Inet6:
        ::inet_ntop(AF_INET6, &as_inet6(storage_).sin6_addr, text, sizeof text);
        return text;
    case Family::Unix: return reinterpret_cast<const sockaddr_un&>(storage_).sun_path;
    case Family::None: break;
    }
    return "unknown";
}

std::uint16_t Address::port() const
{
    switch (family()) {
    case Family::Inet: return ntohs(as_inet(storage_).sin_port);
    case Family::Inet6: return ntohs(as_inet6(storage_).sin6_port);
    case Family::None:
    case Family::Unix: return 0;
    }
    return 0;
}

void Address::set_port(std::uint16_t port)
{
    if (family() == Family::Inet)
        as_inet(storage_).sin_port = htons(port);
    else if (family() == Family::Inet6)
        as_inet6(storage_).sin6_port = htons(port);
}

bool Address::operator==(const Address& other) const
{
    if (family() != other.family())
        return false;
    if (family() == Family::Unix)
        return host() == other.host();
    return bytes() == other.bytes() && port() == other.port();
}

} // namespace net
