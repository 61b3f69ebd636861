// SPDX-License-Identifier: Apache-2.0
// The queue manager: takes messages up from incoming and deferred, routes their recipients, has the
// scheduler say what goes where and when, hands that to delivery agents, and writes down what
// became of it. It is the only owner of a message from the moment cleanup named it. The parts:
//   intake.cc      which messages are to be taken up, and when
//   activate.cc    from a file to an active message
//   dispatch.cc    from the scheduler's request to an agent and back
//   settle.cc      the end of a round: remove, return, defer
//   notify.cc      who is told of what became of a message
//   commands.h     what postqueue and postsuper ask for
//   questions.cc   which messages wait, and why
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "lib/base/log.h"
#include "lib/event/notice.h"
#include "lib/failure/labels.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/bounce.h"
#include "lib/ipc/messages/qmgr.h"
#include "lib/queue/index.h"
#include "lib/queue/index_rebuild.h"
#include "lib/search/inquiry.h"
#include "qmgr/active_message.h"
#include "qmgr/delivery_port.h"
#include "qmgr/failure_reports.h"
#include "qmgr/retry.h"
#include "qmgr/router.h"
#include "qmgr/scheduler.h"

namespace qmgr {

// What the configuration says of notices.
struct Notices {
    base::Duration delay_warning_time{0}; // 0: never.
    bool confirm_delay_cleared = false;   // Success is told to those who were told of a delay.
    bool soft_bounce = false;             // Nothing fails for good.
    std::string double_bounce;            // Mail to this address is discarded.
    bool verp_apart = true; // Failures of VERP mail are told by recipient, to the sender of each.
};

class Manager {
public:
    // All of these outlive the manager.
    struct Parts {
        events::Loop& loop;
        queue::Directories& directories;
        std::unique_ptr<queue::Index> index;
        Router& router;
        DeliveryPort& agents;
        Scheduler& scheduler;
        RetryPolicy& retry;
        base::Duration queue_run_delay;
        std::size_t active_limit; // Messages that may be open: each holds up to two descriptors.
        base::LogSink* error_log = nullptr; // As error(8): for recipients that no agent tried.
        // Work that must not be cut off.
        std::function<void()> begin_work;
        std::function<void()> end_work;
        failure::Labels* labels = nullptr; // None: failures get no class.
        FailureReports* reports = nullptr;
        std::string filter_next_hop = {}; // default_filter_nexthop
        std::string verp_filter = {};     // verp_delimiter_filter
        Notices notices = {};
        bool keeps_badmail = false;     // Notices that fail go to the service badmail.
        std::string pickup_socket = {}; // Woken when there is something in maildrop; empty: nobody.
    };
    explicit Manager(Parts parts);
    ~Manager();

    // Takes up what is in active and incoming, then serves. Runs in `scope`.
    void start(base::Scope& scope);
    // No new work: what is under way is finished, the rest is left to the next queue manager.
    void retire();

    void arrived(const std::string& queue_id);
    void wakeup();     // Look for deferred mail now.
    void look_again(); // At incoming and active, soon.

    std::uint64_t flush_all();
    bool flush_message(const std::string& queue_id);
    std::uint64_t flush_site(const std::string& site);
    bool change(const std::string& queue_id, ipc::qmgr::Change change);

    // Questions; see questions.cc. Nothing of them holds up the loop for more than some
    // milliseconds.
    base::Task<void> question_turn(); // One question in each turn of the loop.
    base::Result<std::unique_ptr<search::Inquiry>> begin_search(const ipc::qmgr::Search& question);
    base::Result<ipc::qmgr::Found> search_page(search::Inquiry& inquiry);
    // An error: there are too many of those already, or the terms make no sense.
    base::Result<void> flush_matching(const std::vector<ipc::qmgr::FilterTerm>& terms);
    base::Task<base::Result<ipc::qmgr::Explanation>> explain(std::string queue_id);
    base::Task<ipc::qmgr::DestinationState> explain_address(std::string address);

private:
    using Active = std::shared_ptr<ActiveMessage>;
    struct Pickup { // A message to take up.
        mail::QueueId id;
        queue::Queue from = queue::Queue::Incoming;
        bool flush = false;
        bool careful = false; // Was there before this start: its content is checked too.
    };
    struct Flush {        // Deferred mail that is wanted now.
        std::string site; // Empty: all.
        mail::QueueId after;
    };

    // intake.cc
    base::Task<void> run_queue();
    base::Task<void> run_incoming();
    base::Task<void> run_rebuild();
    base::Task<void> run_intake();
    base::Task<void> scan_incoming();
    void see_incoming(const mail::QueueId& id);
    void recover_active();
    void begin_due_pass();
    void load_due();
    std::vector<mail::QueueId> next_due();
    std::vector<mail::QueueId> next_flushed();
    std::optional<Pickup> pick();

    // activate.cc
    base::Task<void> activate(Pickup pickup);
    base::Task<bool> admit(Active message, Message admission);
    Active open(const Pickup& pickup);
    base::Result<queue::MessageReader> read(const Pickup& pickup);
    void forget_entry(const Pickup& pickup);
    bool locked_elsewhere(const mail::QueueId& id, int descriptor);
    void put_away(const mail::QueueId& id, std::string_view why);
    base::Task<std::vector<Target>> read_targets(Active message, std::uint32_t portion);
    base::Task<std::optional<Target>> route(Active message, std::uint32_t number);
    void suppress(const Active& message, ActiveRecipient& recipient, std::string why);
    base::Task<void> refill(Active message);

    // dispatch.cc
    base::Task<void> run_pump();
    bool handle_events();
    base::Task<void> deliver(DeliveryRequest request);
    ipc::delivery::Deliver make_request(const Active& message, const DeliveryRequest& request);
    void take_result(const Active& message, const DeliveryRequest& request, Attempt attempt);
    void set_back(const Setback& setback);
    base::Task<void> label(std::vector<mail::Outcome>& outcomes);
    void label_at_once(mail::Outcome& outcome);
    void report(const Active& message, const ActiveRecipient& recipient);
    void give_up(const Active& message, ActiveRecipient& recipient, mail::Outcome outcome);
    void log_not_tried(const Active& message, const ActiveRecipient& recipient);
    std::string line_not_tried(const Active& message, const ActiveRecipient& recipient) const;
    bool discards(const Active& message, ActiveRecipient& recipient);
    std::string verp_of(const queue::Message& message) const;

    // settle.cc
    base::Task<void> settle(Active message);
    bool conclude(const Active& message);
    bool open_journal(const Active& message);
    bool keep_results(const Active& message);
    void keep_told(const Active& message, std::uint32_t number, ActiveRecipient& recipient);
    void expire_deferred(const Active& message);
    base::Task<bool> keep_badmail(Active message, const std::vector<ActiveRecipient*>& failed);
    bool defer(const Active& message);
    bool finish(const Active& message);
    bool hold(const Active& message);
    bool requeue(const Active& message);
    base::WallTime next_attempt(const Active& message);
    void forget_finished(const Active& message);

    // notify.cc
    struct Told { // Recipients of one notice: places in the file, if they have any.
        std::vector<ActiveRecipient*> about;
        std::vector<std::uint32_t> numbers;
    };
    base::Task<void> notify(Active message);
    base::Task<void> notify_failures(Active message);
    base::Task<bool> tell_failed(Active message, Told failed);
    bool tells_apart(const ActiveMessage& message) const;
    base::Task<void> notify_delay(Active message);
    base::Task<void> notify_successes(Active message);
    base::Task<void> send_report(Active message);
    base::Task<bool> notify_some(Active message, ipc::bounce::Kind kind,
                                 const std::vector<ActiveRecipient*>& about);
    bool wants_success(const ActiveMessage& message, const mail::Recipient& recipient) const;
    bool owes_success(const ActiveMessage& message, const ActiveRecipient& recipient) const;
    bool owes_any(const ActiveMessage& message) const;
    void take_expansions(ActiveMessage& message) const;
    void told_expansions(const Active& message);
    std::optional<ActiveRecipient> recall(const Active& message, std::uint32_t number,
                                          const mail::Recipient& recipient,
                                          std::optional<queue::JournalState>& latest);
    void note(const Active& message, queue::NoteKind kind, std::int64_t value);
    queue::IndexEntry index_entry(const Active& message, base::WallTime next) const;
    void index_put(const queue::IndexEntry& entry);
    void index_remove(const mail::QueueId& id);

    // questions.cc
    struct MatchingFlush;
    base::Task<void> run_flush(std::shared_ptr<MatchingFlush> flush);
    bool flush_some(MatchingFlush& flush);
    void flush_found(const mail::QueueId& id);
    ipc::qmgr::DestinationState state_of(const Target& target) const;
    base::WallTime wall_of(base::MonoTime when) const;

    // manager_commands.cc
    bool change_active(const Active& message, ipc::qmgr::Change change);
    bool change_at_rest(const mail::QueueId& id, queue::Queue queue, ipc::qmgr::Change change);
    bool remove_at_rest(const mail::QueueId& id, queue::Queue queue);
    bool requeue_at_rest(const mail::QueueId& id, queue::Queue queue);
    void wake_pickup();
    bool note_expired(const mail::QueueId& id, queue::Queue queue);
    bool move_and_index(const mail::QueueId& id, queue::Queue from, queue::Queue to);
    void index_file(const mail::QueueId& id, queue::Queue queue);
    bool in_other_hands(const mail::QueueId& id);

    void close_index();
    void warn(std::string_view id, std::string_view text) const;
    base::MonoTime now() const { return parts_.loop.now(); }
    base::WallTime wall() const { return parts_.loop.clock().wall(); }

    Parts parts_;
    ipc::Client<ipc::bounce::Protocol> bounce_;
    std::unordered_map<mail::QueueId, Active> active_;
    std::deque<Pickup> fresh_; // From incoming; at most fresh_limit by news and scan.
    std::unordered_set<mail::QueueId> known_; // In fresh_ or due_, or being taken up.
    std::deque<Pickup> due_;                  // From deferred.
    std::deque<Flush> flushes_;
    std::unordered_set<mail::QueueId> locked_; // In active, and an earlier queue manager's.
    queue::Due due_cursor_{};
    bool due_pass_ = false; // A pass over the index is under way.
    base::WallTime due_until_{};
    base::MonoTime started_{};
    base::MonoTime next_run_{};                          // Of the whole queue.
    base::MonoTime next_look_ = base::MonoTime::max();   // For what was left out; see look_again().
    base::MonoTime next_parked_ = base::MonoTime::max(); // A message that found no place is due.
    bool recovered_ = false; // What was there before this start is in fresh_ or further.
    bool index_faulty_ = false;
    bool retired_ = false;
    bool question_under_way_ = false;
    std::size_t matching_flushes_ = 0;
    events::Notice question_done_;
    events::Notice intake_wanted_;
    events::Notice incoming_wanted_;
    events::Notice pump_wanted_;
    events::Notice run_wanted_;
    events::Notice rebuild_wanted_;
    base::Scope deliveries_;
};

} // namespace qmgr
