// SPDX-License-Identifier: Apache-2.0
// Follows a recipient through aliases, :include: files and .forward files, in Postfix's order and
// with its rules on rights, senders and loops, and makes the plan of what to deliver. Nothing is
// delivered meanwhile: a fault on the way costs no duplicates.
//
// Loops end by themselves: an alias within its own expansion, and a user within the own .forward
// file, mean the user's mailbox; others are cut off at a depth; all together at a number of steps.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "local/host.h"
#include "local/seen.h"
#include "local/settings.h"
#include "local/targets.h"

namespace local {

// Aliases within aliases.
inline constexpr int nesting_limit = 100;
// Destinations that are looked at for one recipient.
inline constexpr std::size_t expansion_limit = 300'000;
// Mailboxes and commands that are delivered to at once; more mailboxes get a new message.
inline constexpr std::size_t direct_limit = 1'000;

class Planner {
public:
    // Whether the message has been delivered to an address before (Delivered-To).
    using LoopCheck = std::function<bool(const std::string& address)>;

    // All arguments outlive it.
    Planner(const Settings& settings, Host& host, const LoopCheck& looped)
        : settings_(settings), host_(host), looped_(looped), seen_(settings.remembered), placed_(0)
    {
    }

    // For once. `start` has the recipient, the sender and what was asked for notices.
    base::Task<Plan> plan(Context start);

private:
    base::Task<void> recipient(Context c);
    base::Task<void> local_user(Context c);
    base::Task<bool> alias(const Context& from, std::string name);
    base::Task<bool> own_alias(Context& c, const Alias& found, const std::string& name);
    base::Task<base::Result<bool>> change_owner(Context& c, const std::string& name);
    base::Task<bool> forward_file(Context c);
    base::Result<std::vector<Expanded>> forward_paths(const Context& c) const;
    base::Task<void> targets(const Context& c, std::vector<Target> all);
    base::Task<void> target(const Context& c, Target one);
    base::Task<void> include(Context c, std::string path);
    base::Task<bool> take_include_rights(Context& c, const std::string& path);
    base::Task<void> address(Context c, std::string text);
    base::Task<void> mailbox(Context c);
    base::Task<bool> handed_over(const Context& c, Host::UserTable table,
                                 const std::string& otherwise);
    base::Task<void> unknown(Context c);
    base::Task<void> loop_failure(Context c);

    void file(const Context& c, std::string path);
    void command(const Context& c, const std::string& text);
    void forward(const Context& c);
    void settle(const Context& c, std::string dsn, std::string text);
    void misconfigured(const Context& c, std::string warning);
    void add(const Context& c, Part::Kind kind, std::string text);
    bool split(Context& c);
    bool is_over();
    base::Result<UserRef> user_of(const Context& c);

    const Settings& settings_;
    Host& host_;
    const LoopCheck& looped_;
    Seen seen_;                                             // By what the name says.
    Seen placed_;                                           // Deliveries in the plan.
    std::unordered_map<std::string, std::size_t> forwards_; // By sender and Delivered-To.
    std::size_t steps_ = 0;
    std::size_t next_pause_ = 500;
    bool over_ = false;
    Plan plan_;
};

} // namespace local
