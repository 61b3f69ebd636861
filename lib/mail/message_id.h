// SPDX-License-Identifier: Apache-2.0
// The Message-Id (RFC 5322 section 3.6.4) of a message that came without one, as Postfix makes it.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace mail {

// "<YYYYMMDDhhmmss.QUEUEID@HOST>", time in UTC. A long queue id never repeats, so that the form
// for it goes without the time: "<QUEUEID@HOST>".
std::string make_message_id(base::WallTime arrival, std::string_view queue_id,
                            std::string_view myhostname);

} // namespace mail
