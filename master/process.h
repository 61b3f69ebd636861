// SPDX-License-Identifier: Apache-2.0
// Starting a worker: fork, descriptors in their places, exec.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "lib/base/fd.h"
#include "master/service_table.h"

namespace master {

struct Started {
    pid_t pid = 0;
    base::Fd control; // Our end; non-blocking.
};

// The command line that lib/service reads: -n, -t, -s, -l, -u, -c, then what master.cf says.
std::vector<std::string> worker_arguments(const ServiceSpec& service, std::size_t listeners);

// Starts `service` with `listeners` on the descriptors from 4 on. Errors are temporary: no memory,
// no processes left.
base::Result<Started> start_worker(const ServiceSpec& service, const std::vector<int>& listeners,
                                   const std::vector<std::string>& environment);

} // namespace master
