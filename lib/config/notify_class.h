// SPDX-License-Identifier: Apache-2.0
// The classes of notify_classes: what the postmaster is told of.
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"

namespace config {

namespace notify_class {
inline constexpr unsigned bounce = 1;     // A message could not be delivered: a copy of the notice.
inline constexpr unsigned two_bounce = 2; // Nor could the notice.
inline constexpr unsigned delay = 4;      // The sender was told that a message waits.
inline constexpr unsigned policy = 8;     // A client was refused by rule.
inline constexpr unsigned protocol = 16;  // A client or a server made an error of protocol.
inline constexpr unsigned resource = 32;  // We lack something: disk, a file.
inline constexpr unsigned software = 64;  // Something of ours does not work.
inline constexpr unsigned data = 128;     // What a client sent cannot be taken.
} // namespace notify_class

// The set of these; a permanent error names a word that is none.
base::Result<unsigned> notify_class_bits(const std::vector<std::string>& names);

// The address that the system's own letters come from: double_bounce_sender at this host.
std::string notice_sender(const std::string& double_bounce_sender, std::string_view myhostname);

} // namespace config
