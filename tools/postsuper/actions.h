// SPDX-License-Identifier: Apache-2.0
// What was asked about messages: ids, ALL and - become jobs; results become lines and summaries.
#pragma once

#include <istream>
#include <vector>

#include "lib/base/log.h"
#include "tools/postsuper/changer.h"

namespace postsuper {

class Actions {
public:
    // Ids for "-" are read from `input`. All of them outlive it.
    Actions(const Options& options, queue::Directories& directories, Changer& changer,
            std::istream& input);

    // `options.matching` is done to these messages.
    base::Result<void> run_matching(const std::vector<mail::QueueId>& ids);

    // The same for `options.redirect_to`.
    base::Result<void> run_redirect(const std::vector<mail::QueueId>& ids, bool long_ids);

    // Everything that the options ask, with its lines in the log. An error ends it.
    base::Result<void> run();

    // Messages that were changed; those of them that went to maildrop.
    std::uint64_t changed() const;
    std::uint64_t requeued() const;

private:
    struct Count {
        std::uint64_t main = 0;     // What the action is named after.
        std::uint64_t released = 0; // ExpireRelease: taken off hold.
    };
    base::Result<void> run_action(Action action);
    base::Result<void> change(Action action, std::span<Job> jobs);
    base::Result<void> run_jobs(Action action, std::vector<Job> jobs, bool tell_each);
    void add_job(Action action, std::string_view id, std::vector<Job>& jobs) const;
    void add_from_input(Action action, std::vector<Job>& jobs);
    base::Result<void> run_all(Action action);
    std::vector<queue::Queue> queues_of(Action action) const;
    void tell(Action action, const Job& job) const;
    void show(std::string_view action, const Job& job) const;
    base::Result<void> rehearse(std::string_view name, std::string_view words,
                                const std::vector<Job>& jobs) const;
    void summarize() const;
    void summarize(Action action) const;

    const Options& options_;
    queue::Directories& directories_;
    Changer& changer_;
    std::istream& input_;
    std::array<Count, action_count> counts_{};
};

} // namespace postsuper
