// SPDX-License-Identifier: Apache-2.0
// The command line of postsuper.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/queue/directories.h"
#include "lib/search/filter.h"

namespace postsuper {

// In the order in which they are carried out.
enum class Action : unsigned char { Requeue, Delete, Expire, ExpireRelease, Hold, Release };
inline constexpr std::size_t action_count = 6;

struct Options {
    std::string config_directory;
    bool purge = false;     // -p
    bool structure = false; // -s, -S
    bool verbose = false;
    // Queue ids, ALL or -, for each action.
    std::array<std::vector<std::string>, action_count> ids;
    // Queues that were named. Postfix's directories of log files, which our messages do without,
    // may be named too, and hold nothing.
    bool queues_named = false;
    std::vector<queue::Queue> queues;

    // By long option: what is done to messages that match a filter, or are named.
    std::optional<Action> matching;
    std::string redirect_to; // Instead: the address, in internal form.
    std::vector<search::Term> terms;
    std::vector<std::string> named; // Instead of a filter: queue ids, or - for standard input.
    bool all = false;               // Every message is meant.
    bool dry_run = false;           // Only say which.
    bool json = false;

    bool by_word() const { return matching || !redirect_to.empty(); }
    const std::vector<std::string>& ids_of(Action action) const
    {
        return ids[static_cast<std::size_t>(action)];
    }
};

// Without any action: -s and -p. Errors are about usage.
base::Result<Options> parse_options(int argc, char** argv);

} // namespace postsuper
