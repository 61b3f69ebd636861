// SPDX-License-Identifier: Apache-2.0
// receive_override_options in the words of cleanup's protocol.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/config/params/input.h"

namespace ipc {

// Bits of ipc::cleanup::option. What is no business of cleanup's makes none.
std::uint32_t cleanup_options(const std::vector<config::InputOption>& left_out);

} // namespace ipc
