// SPDX-License-Identifier: Apache-2.0
// Where mail is to go, as routing and the administrator write it: a domain, "[host]", "host:port",
// "[ipv6]:port", "unix:path", "inet:host:port", or several of them with commas.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace delivery {

struct Destination {
    std::string text;       // As it was written.
    std::string host;       // A domain, a host name or a numeric address; empty for UNIX.
    std::string path;       // Of a UNIX socket; empty for the others.
    std::uint16_t port = 0; // In host byte order.
    bool enclosed = false;  // "[host]": mail exchangers are not asked for.

    bool is_unix() const { return !path.empty(); }
    bool operator==(const Destination&) const = default;
};

// A port by number, or by name as in services(5).
base::Result<std::uint16_t> parse_port(std::string_view text);

// One destination. "unix:" and "inet:" are understood only `with_types` (LMTP).
base::Result<Destination> parse_destination(std::string_view text, std::uint16_t default_port,
                                            bool with_types);

// The elements of a list: separated by commas or blanks.
std::vector<std::string_view> split_destinations(std::string_view next_hop);

} // namespace delivery
