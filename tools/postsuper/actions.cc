// SPDX-License-Identifier: Apache-2.0
// Actions on messages; see actions.h.
#include "tools/postsuper/actions.h"

#include <algorithm>
#include <iostream>

#include "lib/base/strings.h"
#include "tools/postsuper/redirect.h"

namespace postsuper {

using queue::Queue;

namespace {

// Changed together; memory for ALL is bounded by the ids alone.
constexpr std::size_t jobs_at_once = 10'000;

struct Words {
    std::string_view name;    // In JSON.
    std::string_view one;     // "ID: removed"
    std::string_view summary; // "Deleted: N messages"
};
constexpr Words words[action_count] = {
    {"requeue", "requeued", "Requeued"},
    {"delete", "removed", "Deleted"},
    {"expire", "expired", "Force-expired"},
    {"expire-now", "expired", "Force-expired"},
    {"hold", "placed on hold", "Placed on hold"},
    {"release", "released from hold", "Released from hold"},
};

const Words& words_of(Action action)
{
    return words[static_cast<std::size_t>(action)];
}

bool asks_expiration(Action action)
{
    return action == Action::Expire || action == Action::ExpireRelease;
}

} // namespace

Actions::Actions(const Options& options, queue::Directories& directories, Changer& changer,
                 std::istream& input)
    : options_(options), directories_(directories), changer_(changer), input_(input)
{
}

std::vector<Queue> Actions::queues_of(Action action) const
{
    if (options_.queues_named)
        return options_.queues;
    if (action == Action::Release)
        return {Queue::Hold};
    std::vector<Queue> queues = {Queue::Incoming, Queue::Active, Queue::Deferred};
    if (action != Action::Hold)
        queues.insert(queues.begin(), Queue::Hold);
    if (action == Action::Delete && options_.by_word())
        queues.push_back(Queue::Maildrop);
    return queues;
}

// Ids of messages that are in none of the queues make no job: to ask for them is no error.
void Actions::add_job(Action action, std::string_view id, std::vector<Job>& jobs) const
{
    const bool well_formed =
        !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), base::is_alnum);
    if (!well_formed) {
        base::Log{}.warning("invalid mail queue id: ", id.substr(0, 100));
        return;
    }
    if (!mail::is_queue_id(id))
        return;
    for (const Queue queue : queues_of(action)) {
        queue::FileStatus status;
        if (directories_.disk().status(directories_.path(queue, id), status) != 0)
            continue;
        jobs.push_back({mail::QueueId(id), queue});
        return;
    }
}

void Actions::add_from_input(Action action, std::vector<Job>& jobs)
{
    for (std::string line; std::getline(input_, line);) {
        const auto words = base::split(line, " \t\r");
        if (!words.empty())
            add_job(action, words.front(), jobs);
    }
}

// What lies in maildrop is none of the queue manager's business.
base::Result<void> Actions::change(Action action, std::span<Job> jobs)
{
    const auto rest = std::stable_partition(
        jobs.begin(), jobs.end(), [](const Job& job) { return job.queue == Queue::Maildrop; });
    const auto dropped = static_cast<std::size_t>(rest - jobs.begin());
    FileChanger files{directories_};
    if (auto changed = files.change(action, jobs.first(dropped)); !changed)
        return changed;
    return changer_.change(action, jobs.subspan(dropped));
}

base::Result<void> Actions::run_jobs(Action action, std::vector<Job> jobs, bool tell_each)
{
    Count& count = counts_[static_cast<std::size_t>(action)];
    for (std::size_t at = 0; at < jobs.size(); at += jobs_at_once) {
        auto some = std::span(jobs).subspan(at, std::min(jobs_at_once, jobs.size() - at));
        if (asks_expiration(action))
            for (Job& job : some)
                job.was_expired = is_expired(directories_, job);
        auto changed = change(action, some);
        for (const Job& job : some) {
            if (!job.done)
                continue;
            count.main += asks_expiration(action) && job.was_expired ? 0 : 1;
            count.released += action == Action::ExpireRelease && job.queue == Queue::Hold ? 1 : 0;
            if (options_.json)
                show(words_of(action).name, job);
            else if (tell_each)
                tell(action, job);
        }
        if (!changed)
            return changed;
    }
    return {};
}

void Actions::tell(Action action, const Job& job) const
{
    const base::Log log(base::cat(job.id, ": "));
    if (!asks_expiration(action) || !job.was_expired)
        log.info(words_of(action).one);
    if (action == Action::ExpireRelease && job.queue == Queue::Hold)
        log.info(words_of(Action::Release).one);
}

// The ids are collected first: a directory that changes while it is read shows names twice.
base::Result<void> Actions::run_all(Action action)
{
    std::vector<Job> jobs;
    for (const Queue queue : queues_of(action)) {
        auto scan = directories_.scan(queue);
        while (true) {
            auto id = scan.next();
            if (!id)
                base::Log{}.warning(id.error().text);
            else if (!*id)
                break;
            else
                jobs.push_back({std::move(**id), queue});
        }
    }
    return run_jobs(action, std::move(jobs), false);
}

// One object for each message, on standard output.
void Actions::show(std::string_view action, const Job& job) const
{
    std::string line;
    base::append(line, "{\"queue_id\": ", base::json_quote(job.id), ", \"queue_name\": \"",
                 queue::queue_name(job.queue), "\", \"action\": \"", action,
                 "\", \"done\": ", job.done ? "true" : "false", "}\n");
    std::cout << line;
}

base::Result<void> Actions::rehearse(std::string_view name, std::string_view words,
                                     const std::vector<Job>& jobs) const
{
    for (const Job& job : jobs) {
        if (options_.json)
            show(name, job);
        else
            std::cout << job.id << ": would be " << words << '\n';
    }
    if (!options_.json)
        std::cout << "In all: " << jobs.size() << (jobs.size() == 1 ? " message\n" : " messages\n");
    return std::cout.flush() ? base::Result<void>{} : base::temporary("cannot write the output");
}

base::Result<void> Actions::run_matching(const std::vector<mail::QueueId>& ids)
{
    const Action action = *options_.matching;
    std::vector<Job> jobs;
    for (const auto& id : ids)
        add_job(action, id, jobs);
    std::erase_if(jobs, [&](const Job& job) { return !has_effect(action, job); });
    if (options_.dry_run)
        return rehearse(words_of(action).name, words_of(action).one, jobs);
    auto ran = run_jobs(action, std::move(jobs), true);
    summarize(action);
    return ran;
}

base::Result<void> Actions::run_redirect(const std::vector<mail::QueueId>& ids, bool long_ids)
{
    std::vector<Job> jobs;
    for (const auto& id : ids)
        add_job(Action::Requeue, id, jobs);
    // Not yet in the queue manager's hands.
    std::erase_if(jobs, [](const Job& job) { return job.queue == Queue::Maildrop; });
    const std::string words = base::cat("redirected to <", options_.redirect_to, ">");
    if (options_.dry_run)
        return rehearse("redirect", words, jobs);
    Redirector redirector(directories_, changer_, {options_.redirect_to, long_ids});
    auto ran = redirector.redirect(jobs);
    std::uint64_t count = 0;
    for (const Job& job : jobs) {
        count += job.done ? 1 : 0;
        if (options_.json)
            show("redirect", job);
    }
    base::Log{}.info("Redirected: ", count, count == 1 ? " message" : " messages");
    return ran;
}

base::Result<void> Actions::run_action(Action action)
{
    std::vector<Job> jobs;
    for (const std::string& id : options_.ids_of(action)) {
        if (id == "ALL")
            continue;
        if (id == "-")
            add_from_input(action, jobs);
        else
            add_job(action, id, jobs);
    }
    if (auto ran = run_jobs(action, std::move(jobs), true); !ran)
        return ran;
    const auto& ids = options_.ids_of(action);
    if (std::find(ids.begin(), ids.end(), "ALL") == ids.end())
        return {};
    return run_all(action);
}

base::Result<void> Actions::run()
{
    base::Result<void> result;
    for (std::size_t i = 0; i < action_count && result; ++i)
        result = run_action(static_cast<Action>(i));
    summarize();
    return result;
}

std::uint64_t Actions::changed() const
{
    std::uint64_t sum = 0;
    for (const Count& count : counts_)
        sum += count.main + count.released;
    return sum;
}

std::uint64_t Actions::requeued() const
{
    return counts_[static_cast<std::size_t>(Action::Requeue)].main;
}

void Actions::summarize(Action action) const
{
    const auto count = [this](Action one) { return counts_[static_cast<std::size_t>(one)]; };
    const auto line = [](Action one, std::uint64_t number) {
        base::Log{}.info(words_of(one).summary, ": ", number,
                         number == 1 ? " message" : " messages");
    };
    line(action, count(action).main);
    if (action == Action::ExpireRelease)
        line(Action::Release, count(action).released);
}

// One line for each kind of change that was asked for; the two kinds of expiration are one.
void Actions::summarize() const
{
    const auto asked = [this](Action action) { return !options_.ids_of(action).empty(); };
    const auto count = [this](Action action) { return counts_[static_cast<std::size_t>(action)]; };
    const auto line = [](Action action, std::uint64_t number) {
        base::Log{}.info(words_of(action).summary, ": ", number,
                         number == 1 ? " message" : " messages");
    };
    const bool releases = asked(Action::ExpireRelease);
    if (asked(Action::Requeue))
        line(Action::Requeue, count(Action::Requeue).main);
    if (asked(Action::Delete))
        line(Action::Delete, count(Action::Delete).main);
    if (asked(Action::Expire) || releases)
        line(Action::Expire, count(Action::Expire).main + count(Action::ExpireRelease).main);
    if (asked(Action::Hold))
        line(Action::Hold, count(Action::Hold).main);
    if (asked(Action::Release) || releases)
        line(Action::Release, count(Action::Release).main + count(Action::ExpireRelease).released);
}

} // namespace postsuper
