// SPDX-License-Identifier: Apache-2.0
// Redirection: what still waits of a message goes to another recipient. A queue file's recipients
// never change, so a new message takes the old one's place. The order of steps loses nothing: the
// old one is held, so that nobody delivers it meanwhile; the new one is made safe on disk; only
// then the old one is deleted. A crash in between leaves both, the old one on hold.
#pragma once

#include <string>

#include "lib/queue/writer.h"
#include "tools/postsuper/changer.h"

namespace postsuper {

class Redirector {
public:
    struct Options {
        std::string address;   // In internal form.
        bool long_ids = false; // enable_long_queue_ids
        // Deliveries that are under way may end meanwhile.
        base::Duration patience = std::chrono::seconds(30);
    };
    // Both outlive it. Runs as mail_owner.
    Redirector(queue::Directories& directories, Changer& changer, Options options);

    // Sets `done` for what was redirected, and logs each. An error: the rest was not done, and some
    // may be left on hold.
    base::Result<void> redirect(std::span<Job> jobs);

private:
    struct Pair { // A message and the one that takes its place.
        Job* job;
        queue::UncommittedMessage fresh;
    };
    base::Result<void> hold(std::span<Job> jobs);
    bool await_held(const Job& job, base::Deadline deadline) const;
    base::Result<queue::UncommittedMessage> copy(const Job& job, queue::Queue to);
    base::Result<void> replace(std::vector<Pair>& pairs);
    base::Result<void> give_back(std::span<Job> jobs);

    queue::Directories& directories_;
    Changer& changer_;
    Options options_;
    base::SystemClock clock_;
};

} // namespace postsuper
