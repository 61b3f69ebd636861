// SPDX-License-Identifier: Apache-2.0
// Between master and the workers it starts: a SOCK_SEQPACKET pair per worker, one fixed-size record
// per packet. The worker's end is descriptor 3; its listening sockets follow from 4 on. When the
// socket closes, the other one is gone: a worker then stops accepting, finishes, and ends.
#pragma once

#include <cstdint>

#include "lib/base/result.h"

namespace ipc::control {

inline constexpr int worker_fd = 3;
inline constexpr int first_listener_fd = 4;

// What a worker says of itself.
enum class State : std::uint8_t {
    Available, // Takes clients.
    Busy,      // Takes clients, but is short of processor time: another worker would help.
    Full,      // Has its limit of clients.
    Retiring,  // Takes no more clients; ends when the last one has gone.
};

struct Report { // Worker to master.
    State state = State::Available;
    std::uint32_t clients = 0;
};

enum class Order : std::uint8_t { // Master to worker.
    Retire,                       // Finish your clients, then end: reload and graceful stop.
    Wakeup,                       // The timer of master.cf's wakeup column.
};

base::Result<void> send_report(int fd, Report report);
base::Result<void> send_order(int fd, Order order);

// Nothing (a temporary error "again") when no packet waits; a permanent error when the other end
// is gone or sends nonsense.
base::Result<Report> receive_report(int fd);
base::Result<Order> receive_order(int fd);

} // namespace ipc::control
