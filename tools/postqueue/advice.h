// SPDX-License-Identifier: Apache-2.0
// What an administrator can do about mail that waits.
#pragma once

#include <string>
#include <vector>

#include "lib/ipc/messages/qmgr.h"

namespace postqueue {

// One sentence each, the most fitting first. `id` names the message in commands.
std::vector<std::string> advice(const std::string& id, const ipc::qmgr::Explanation& message,
                                const ipc::qmgr::ExplainedRecipient& recipient);

} // namespace postqueue
