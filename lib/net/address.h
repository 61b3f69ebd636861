// SPDX-License-Identifier: Apache-2.0
// Socket addresses: IPv4, IPv6 and UNIX, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>

#include "lib/base/result.h"

namespace net {

enum class Family : unsigned char { None, Inet, Inet6, Unix };

class Address {
public:
    Address() = default;

    // "192.0.2.1", "2001:db8::1" (no brackets, no scope); nothing when it is no numeric address.
    // IPv4-mapped IPv6 addresses become the IPv4 address they carry.
    static std::optional<Address> parse(std::string_view numeric, std::uint16_t port = 0);
    static Address unix_path(std::string_view path); // Cut to what sun_path can hold.
    static Address from_sockaddr(const sockaddr* address, socklen_t size);

    Family family() const;
    bool is_inet() const { return family() == Family::Inet || family() == Family::Inet6; }
    bool is_loopback() const;
    bool is_any() const; // 0.0.0.0 or ::

    std::string host() const; // Numeric, without brackets; the path for UNIX.
    std::uint16_t port() const;
    void set_port(std::uint16_t port);

    // The address's bytes in network order: 4 or 16.
    std::string_view bytes() const;

    const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage_); }
    socklen_t raw_size() const { return size_; }

    bool operator==(const Address& other) const;

private:
    sockaddr_storage storage_{};
    socklen_t size_ = 0;
};

} // namespace net
