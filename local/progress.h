// SPDX-License-Identifier: Apache-2.0
// What was done of a recipient that stands for several deliveries, while one of them has to wait: a
// small file, so that the next attempt does only the rest. A process that is killed between a
// delivery and the note of it delivers again; nothing else does.
#pragma once

#include <set>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace local {

class Progress {
public:
    // One recipient of one message.
    struct Id {
        std::string queue_id;
        base::WallTime arrival{};
        std::string recipient;
    };
    using Done = std::set<std::string>; // By Part and Forward: see keys.

    // `directory` belongs to root; empty: nothing is kept.
    explicit Progress(std::string directory) : directory_(std::move(directory)) {}

    // Makes the directory when it is missing, and removes notes that are older than `age`: their
    // messages are gone. What cannot be done is logged, and nothing is kept then.
    void begin(base::Duration age);

    // Empty when there is no note, or none that can be read.
    Done load(const Id& id) const;
    base::Result<void> save(const Id& id, const Done& done) const;
    void forget(const Id& id) const;

private:
    std::string path(const Id& id) const;

    std::string directory_;
};

} // namespace local
