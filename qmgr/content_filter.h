// SPDX-License-Identifier: Apache-2.0
// Where mail goes that a filter is to see (content_filter, FILTER actions): all of a message to one
// place, whatever its recipients say.
#pragma once

#include <string>
#include <string_view>

#include "lib/queue/message.h"
#include "qmgr/router.h"

namespace qmgr {

// "transport:destination" of the message's filter, or "". A message that only asks what would
// become of it (sendmail -bv) is not filtered.
std::string_view filter_of(const queue::Message& message);

// The way to `filter`. Without a destination that is `otherwise` (default_filter_nexthop), and
// without that the recipient's domain.
Route filter_route(std::string_view filter, std::string address, std::string_view otherwise);

} // namespace qmgr
