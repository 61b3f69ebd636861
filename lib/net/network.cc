// SPDX-License-Identifier: Apache-2.0
// Networks; see network.h.
#include "lib/net/network.h"

#include <algorithm>
#include <netinet/in.h>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace net {

static constexpr unsigned ipv4_bits = 32;
static constexpr unsigned mapped_prefix = 96; // ::ffff:0:0/96

static Address masked(const Address& address, unsigned bits)
{
    std::string bytes(address.bytes());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        unsigned keep = std::clamp<int>(static_cast<int>(bits) - static_cast<int>(i) * 8, 0, 8);
        bytes[i] = static_cast<char>(bytes[i] & static_cast<char>(0xff << (8 - keep)));
    }
    sockaddr_storage storage{};
    if (address.family() == Family::Inet) {
        auto& in = reinterpret_cast<sockaddr_in&>(storage);
        in.sin_family = AF_INET;
        std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(&in.sin_addr));
        return Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), sizeof in);
    }
    auto& in6 = reinterpret_cast<sockaddr_in6&>(storage);
    in6.sin6_family = AF_INET6;
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(&in6.sin6_addr));
    return Address::from_sockaddr(reinterpret_cast<sockaddr*>(&storage), sizeof in6);
}

Network Network::of(const Address& address, unsigned bits)
{
    Network made;
    made.bits_ = std::min<unsigned>(bits, static_cast<unsigned>(address.bytes().size()) * 8);
    made.address_ = masked(address, made.bits_);
    return made;
}

// [address]/bits and [address/bits] are the same as address/bits; false when brackets do not match.
static bool strip_brackets(std::string_view pattern, std::string& plain)
{
    plain = pattern;
    if (pattern.empty() || pattern.front() != '[')
        return pattern.find(']') == std::string_view::npos;
    auto close = plain.find(']');
    if (close == std::string::npos)
        return false;
    plain.erase(close, 1);
    plain.erase(0, 1);
    return close + 1 == pattern.size() || pattern[close + 1] == '/';
}

base::Result<Network> Network::parse(std::string_view pattern)
{
    std::string plain;
    bool brackets = strip_brackets(pattern, plain);
    std::string_view bits_text = plain;
    auto address = Address::parse(base::cut(bits_text, '/'));
    if (!brackets || !address)
        return base::permanent(base::cat("bad address pattern: \"", pattern, "\""));
    unsigned most = static_cast<unsigned>(address->bytes().size()) * 8;
    bool has_bits = plain.find('/') != std::string::npos;
    auto bits = has_bits ? base::parse_int<unsigned>(bits_text) : std::optional(most);
    // ::ffff:127.0.0.0/104 is 127.0.0.0/8: Address takes mapped IPv4 addresses for what they are.
    bool mapped = most == ipv4_bits && plain.find(':') != std::string::npos;
    if (mapped && has_bits)
        bits = bits && *bits >= mapped_prefix ? std::optional(*bits - mapped_prefix) : std::nullopt;
    if (!bits || *bits > most)
        return base::permanent(base::cat("bad mask length in \"", pattern, "\""));
    Network made = of(*address, *bits);
    if (!(made.address_ == *address)) {
        return base::permanent(base::cat("non-null host address bits in \"", pattern,
                                         "\", perhaps you should use \"", made.address_.host(), "/",
                                         *bits, "\" instead"));
    }
    return made;
}

bool Network::contains(const Address& address) const
{
    return address.family() == address_.family() &&
           masked(address, bits_).bytes() == address_.bytes();
}

std::string Network::to_string() const
{
    if (address_.family() == Family::Inet6)
        return base::cat("[", address_.host(), "]/", bits_);
    return base::cat(address_.host(), "/", bits_);
}

} // namespace net
