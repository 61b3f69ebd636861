// SPDX-License-Identifier: Apache-2.0
// The Delivered-To fields of a message: whom it was delivered to before. A message that comes again
// for one of them is in a loop.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>

#include "lib/base/result.h"

namespace delivery {

// Fields that are looked at.
inline constexpr std::size_t delivered_to_limit = 1000;

class DeliveredTo {
public:
    // Reads the header of the content at `offset`, of `size` bytes. An error: the queue file cannot
    // be read.
    static base::Result<DeliveredTo> read(int fd, std::uint64_t offset, std::uint64_t size);

    // `address` is in internal form; case does not count.
    bool has(const std::string& address) const;

private:
    std::unordered_set<std::string> addresses_; // As written, folded.
};

} // namespace delivery
