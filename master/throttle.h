// SPDX-License-Identifier: Apache-2.0
// When a service may be started after one of its processes failed. A process that worked is
// replaced at once, or after a second at most when it dies again and again, young; only what never
// comes up waits longer and longer.
#pragma once

#include "lib/base/clock.h"

namespace master {

class Throttle {
public:
    // A process that lived this long has shown that the service works.
    static constexpr base::Duration grown_up = std::chrono::seconds(10);
    // First waits: after a process that had come up, and after one that never did.
    static constexpr base::Duration first_wait = std::chrono::milliseconds(250);
    static constexpr base::Duration first_wait_bad_start = std::chrono::seconds(1);
    // A process that comes up serves somebody, however soon it dies: one a second is no storm, and
    // nobody is without service for longer.
    static constexpr base::Duration longest_wait_came_up = std::chrono::seconds(1);

    void set_longest(base::Duration longest) { longest_ = longest; } // service_throttle_time

    // A process failed at `now` after it had lived so long; `came_up`: it had reported to us.
    void failed(base::MonoTime now, base::Duration lived, bool came_up);

    // Forgets failures: the administrator has changed something.
    void reset() { *this = Throttle{longest_}; }

    base::MonoTime not_before() const { return not_before_; }
    bool open(base::MonoTime now) const { return now >= not_before_; }

    Throttle() = default;

private:
    explicit Throttle(base::Duration longest) : longest_(longest) {}

    base::Duration longest_ = std::chrono::seconds(60);
    unsigned failures_ = 0; // In a row, each young.
    base::MonoTime last_{};
    base::MonoTime not_before_{};
};

} // namespace master
