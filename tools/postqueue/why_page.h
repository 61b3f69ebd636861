// SPDX-License-Identifier: Apache-2.0
// How it is shown why a message waits: a page for people, and JSON.
#pragma once

#include <string>

#include "lib/ipc/messages/qmgr.h"

namespace postqueue {

// Appends one message. Times are local, and also told by how far they are from `now`.
void append_why(std::string& to, const std::string& id, const ipc::qmgr::Explanation& message,
                base::WallTime now);
// One object on a line of its own.
void append_why_json(std::string& to, const std::string& id, const ipc::qmgr::Explanation& message);

// What is known of a destination: lines without indentation, none when nothing is known.
std::string destination_text(const ipc::qmgr::DestinationState& state, base::WallTime now);

} // namespace postqueue
