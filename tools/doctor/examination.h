// SPDX-License-Identifier: Apache-2.0
// One examination of the mail system: what all checks may look at, and the table of checks. Each
// check is a row of the table and a function in the file of its group:
//   host_checks.cc         the machine: disk, permissions, clock, backup, certificates
//   system_checks.cc       ours: processes, configuration, names, greeting, queue
//   relay_checks.cc        whether strangers could relay
//   dns_checks.cc          what the world's name service says of us
//   reach_checks.cc        whether mail can leave, DNS lists
// Checks that ask other hosts run only when the administrator wants them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/task.h"
#include "lib/config/own_addresses.h"
#include "lib/config/params/common.h"
#include "lib/config/params/doctor.h"
#include "lib/config/params/route.h"
#include "lib/delivery/resolver.h"
#include "lib/event/loop.h"
#include "tools/doctor/finding.h"

namespace doctor {

// What the machine has; a value, so that tests can bring their own.
struct Machine {
    std::optional<int> master_pid;
    std::vector<config::Interface> interfaces;
    std::vector<net::Address> gateways; // Of the default routes.
    std::vector<std::string> permission_faults;
};

// The gateways of the system's default IPv4 routes, from the text of /proc/net/route.
std::vector<net::Address> default_gateways(std::string_view table);

struct Examination {
    events::Loop& loop;
    const config::MainCf& main;
    const config::CommonParams& common;
    const config::RouteParams& route;
    const config::DoctorParams& params;
    Machine machine;
    delivery::Resolver& resolver;
    bool outside = false; // Other hosts may be asked.

    base::Deadline deadline() const { return loop.clock().after(params.timeout()); }
    base::WallTime now() const { return loop.clock().wall(); }
    // The expanded value of any parameter of main.cf, also one that this release does not act on;
    // empty when it is not set.
    std::string value(std::string_view name) const;

    // Addresses under which the world may see this host: global ones of its interfaces, and
    // doctor_public_addresses.
    std::vector<net::Address> public_addresses() const;
    // Domains that mail is received for, as far as main.cf names them: no tables, no local names.
    std::vector<std::string> own_domains() const;
};

// A globally routable unicast address (RFC 6890).
bool is_global(const net::Address& address);
// A dotted host name that may be a domain of the Internet: not localhost, .local, .internal, ...
bool is_public_name(std::string_view name);

using Look = base::Task<void> (*)(const Examination& examination, Findings& findings);
struct Check {
    std::string_view name;
    bool outside; // Asks other hosts.
    Look look;
};
std::span<const Check> checks();

// Runs all checks side by side; sections come in the order of the table.
base::Task<Sections> examine(const Examination& examination);

} // namespace doctor
