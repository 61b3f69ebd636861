// SPDX-License-Identifier: Apache-2.0
// See message.h.
#include "lib/queue/message.h"

namespace queue {

std::string_view Message::attribute(std::string_view name) const
{
    for (const Attribute& attribute : attributes)
        if (attribute.name == name)
            return attribute.value;
    return {};
}

} // namespace queue
