// SPDX-License-Identifier: Apache-2.0
// Network: an address and how many of its bits count, as cidr tables, match lists and mynetworks
// write it: 192.0.2.0/24, 192.0.2.1, [2001:db8::]/32, [2001:db8::/32], 2001:db8::/32.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/net/address.h"

namespace net {

class Network {
public:
    // Errors are permanent and say what is wrong with the pattern.
    static base::Result<Network> parse(std::string_view pattern);
    // `bits` is cut to the length of the address; bits behind them are cleared.
    static Network of(const Address& address, unsigned bits);

    bool contains(const Address& address) const;
    Family family() const { return address_.family(); }
    std::string to_string() const; // "192.0.2.0/24", "[2001:db8::]/32"

private:
    Address address_;
    unsigned bits_ = 0;
};

} // namespace net
