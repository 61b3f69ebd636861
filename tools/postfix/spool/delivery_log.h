// SPDX-License-Identifier: Apache-2.0
// The logs that Postfix keeps beside its queue: in defer/ why recipients of a message wait, in
// bounce/ which have failed and have yet to be told to the sender. Text, written by programs that
// quoted what peers said; anything in it may be missing or wrong, and is then left out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spool {

struct LoggedRecipient {
    std::string address;
    std::uint64_t offset = 0; // Of its record in the queue file; 0 when unknown.
    std::string status;       // X.Y.Z, or empty.
    std::string reason;
    std::string host;  // That replied, or empty.
    std::string reply; // Of that host, or empty.

    bool operator==(const LoggedRecipient&) const = default;
};

inline constexpr std::size_t log_size_limit = 64 * 1024 * 1024;
inline constexpr std::size_t logged_recipient_limit = 1'000'000;

std::vector<LoggedRecipient> parse_delivery_log(std::string_view text);

} // namespace spool
