// SPDX-License-Identifier: Apache-2.0
// The Message-Id (RFC 5322 section 3.6.4): of a message that came without one, as Postfix makes it,
// and what of one that came may be said in another message.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace mail {

// "<YYYYMMDDhhmmss.QUEUEID@HOST>", time in UTC. A long queue id never repeats, so that the form
// for it goes without the time: "<QUEUEID@HOST>".
std::string make_message_id(base::WallTime arrival, std::string_view queue_id,
                            std::string_view myhostname);

// The id in the value of a Message-Id field, without folds and blanks around it; fits into a field
// of its own. Empty when the value is not "<...>", larger than 900 bytes, or has what is not
// printable; UTF-8 (RFC 6532) only if allowed.
std::string_view quotable_message_id(std::string_view value, bool allow_utf8);

} // namespace mail
