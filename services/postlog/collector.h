// SPDX-License-Identifier: Apache-2.0
// Log lines from the socket to the file: each datagram becomes one line with time and host.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/log_sinks.h"

namespace postlogd {

// Bytes of one datagram that are taken; what is longer is cut.
inline constexpr std::size_t datagram_limit = 4096;

class Collector {
public:
    Collector(int fd, std::string host) : fd_(fd), host_(std::move(host)) {}

    // `datagram` is "ident[pid]: text" as the daemons send it; a syslog priority in front, a line
    // end and bytes after a NUL are dropped, other bytes that are not printable become '?'.
    void take(std::string_view datagram);

    // The line that take() writes, without its time.
    static std::string clean(std::string_view datagram);

private:
    int fd_;
    std::string host_;
    base::LogTimestamp timestamp_;
};

} // namespace postlogd
