// SPDX-License-Identifier: Apache-2.0
// Defaults that the machine gives: its name and domain, and its networks. They depend on each other
// and on what main.cf says, so they are no texts but computed whenever they are asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/config/expand.h"

namespace config {

class MainCf;

// The domain of a machine without one.
inline constexpr std::string_view kLocalDomain = "localdomain";

// The kernel's host name, as it is; "localhost" when there is none. Asks no DNS.
std::string kernel_host_name();

// `host` when it has a dot, else with `domain` behind it.
std::string full_host_name(std::string_view host, std::string_view domain);

// `host` without its first label; kLocalDomain when nothing is left.
std::string domain_of_host(std::string_view host);

// The default of myhostname, mydomain and mynetworks under `main`; nothing for other names.
std::optional<Meaning> computed_default(const MainCf& main, std::string_view name);

// Where myorigin names a file (/etc/mailname of Debian), its first line becomes the value, for
// $myorigin too. For programs that work by it; those that show what main.cf says leave it as it is.
// An error when there is no such file, or nothing in it.
base::Result<void> read_origin(MainCf& main);

} // namespace config
