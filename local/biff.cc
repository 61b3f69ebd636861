// SPDX-License-Identifier: Apache-2.0
// comsat; see biff.h.
#include "local/biff.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "lib/base/fd.h"
#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace local {

void tell_biff(const std::string& user, std::int64_t offset)
{
    constexpr std::uint16_t comsat_port = 512;
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    const servent* service = ::getservbyname("biff", "udp");
    to.sin_port =
        service != nullptr ? static_cast<in_port_t>(service->s_port) : ::htons(comsat_port);
    const base::Fd fd{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    const std::string text = base::cat(user, "@", offset);
    // comsat wants the NUL, too.
    if (!fd || ::sendto(fd.number(), text.c_str(), text.size() + 1, 0,
                        reinterpret_cast<const sockaddr*>(&to), sizeof to) < 0)
        base::Log{}.warning("biff_notify: ", std::strerror(errno));
}

} // namespace local
