// SPDX-License-Identifier: Apache-2.0
// Where our SMTP servers listen, as master.cf and inet_interfaces say, and who counts as local.
#pragma once

#include <string>
#include <vector>

#include "tools/doctor/examination.h"

namespace doctor {

// The first few addresses, with ports, at which smtpd serves the network in clear.
std::vector<net::Address> smtp_listeners(const Examination& examination);

// The elements of mynetworks, set or computed.
std::vector<std::string> local_networks(const Examination& examination);

} // namespace doctor
