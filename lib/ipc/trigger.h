// SPDX-License-Identifier: Apache-2.0
// Waking a service that looks for work by itself: what it is sent is only a hint.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace ipc {

// Sends `request` to the UNIX socket or FIFO `path`, and does not wait for anything. A service that
// has so many wakeups waiting that none can be added is awake: no error. Errors name the path; the
// permanent one: there is nothing of that name.
base::Result<void> trigger(const std::string& path, std::string_view request);

} // namespace ipc
