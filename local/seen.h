// SPDX-License-Identifier: Apache-2.0
// Texts that were met before, without regard to case.
#pragma once

#include <string>
#include <unordered_set>

#include "lib/base/strings.h"

namespace local {

class Seen {
public:
    // At most `limit` are remembered; 0: all.
    explicit Seen(std::size_t limit) : limit_(limit) {}

    // Whether `text` was added before; adds it.
    bool before(std::string_view text)
    {
        std::string key = base::lower(text);
        if (limit_ != 0 && texts_.size() >= limit_)
            return texts_.count(key) != 0;
        return !texts_.insert(std::move(key)).second;
    }
    bool has(std::string_view text) const { return texts_.count(base::lower(text)) != 0; }

private:
    std::size_t limit_;
    std::unordered_set<std::string> texts_;
};

} // namespace local
