// SPDX-License-Identifier: Apache-2.0
// Making sockets: connect, listen, accept. All descriptors are non-blocking and close-on-exec.
#pragma once

#include <optional>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/task.h"
#include "lib/event/loop.h"
#include "lib/net/address.h"

namespace net {

// Connects by the deadline, from `source` when given. The error's text is the system's reason
// alone ("Connection refused"), since callers put the peer's name in front.
base::Task<base::Result<base::Fd>> connect(events::Loop& loop, Address to, base::Deadline deadline,
                                           std::optional<Address> source = std::nullopt);

// Connects to a UNIX stream socket, which never waits for the peer's process; when the backlog is
// full it is tried again until the deadline.
base::Task<base::Result<base::Fd>> connect_local(events::Loop& loop, std::string path,
                                                 base::Deadline deadline);

struct Accepted {
    base::Fd fd;
    Address peer;
};
// Takes one waiting connection, passing over those that are gone again; nothing when none waits. An
// error
// means that descriptors or memory are short: wait before trying again.
base::Result<std::optional<Accepted>> accept_one(int listener);

// Bytes of a UNIX socket's path, at most: sun_path with its final NUL.
inline constexpr std::size_t unix_path_limit = 107;

base::Result<base::Fd> listen_inet(const Address& at, int backlog);
// Replaces a socket file, or a FIFO, that is there. The file has `mode` from its first moment.
// After an error errno tells the same as its text.
base::Result<base::Fd> listen_unix(const std::string& path, int backlog, unsigned mode);
base::Result<base::Fd> bind_datagram(const std::string& path, unsigned mode);

std::optional<Address> local_address(int fd);
std::optional<Address> peer_address(int fd);

void set_no_delay(int fd); // TCP_NODELAY; ignored on other sockets.

} // namespace net
