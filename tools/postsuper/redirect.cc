// SPDX-License-Identifier: Apache-2.0
// Redirecting messages; see redirect.h.
#include "tools/postsuper/redirect.h"

#include <algorithm>
#include <thread>

#include "lib/base/log.h"
#include "lib/queue/reader.h"

namespace postsuper {

using queue::MessageReader;
using queue::Queue;

namespace {

constexpr std::size_t jobs_at_once = 500; // Committed together.
constexpr auto look_pause = std::chrono::milliseconds(20);
constexpr std::size_t recipients_at_once = 1000;
constexpr std::size_t copy_size = 64 * 1024;

// The first recipient that waits; nothing when all are done.
base::Result<std::optional<mail::Recipient>> first_waiting(MessageReader& reader)
{
    auto journal = reader.journal(queue::JournalDetail::States);
    if (!journal)
        return journal.error();
    std::size_t index = 0;
    while (true) {
        auto some = reader.next_recipients(recipients_at_once);
        if (!some)
            return some.error();
        if (some->empty())
            return std::optional<mail::Recipient>{};
        for (auto& recipient : *some)
            if (!journal->recipients[index++].done())
                return std::optional(std::move(recipient));
    }
}

base::Result<void> copy_content(const MessageReader& reader, queue::MessageWriter& writer)
{
    std::string room(copy_size, '\0');
    for (std::uint64_t at = 0; at < reader.layout().content.size;) {
        auto got = reader.read_content(at, room);
        if (!got)
            return got.error();
        if (auto added = writer.append(std::string_view(room).substr(0, *got)); !added)
            return added;
        at += *got;
    }
    return {};
}

} // namespace

Redirector::Redirector(queue::Directories& directories, Changer& changer, Options options)
    : directories_(directories), changer_(changer), options_(std::move(options))
{
}

base::Result<void> Redirector::redirect(std::span<Job> jobs)
{
    for (std::size_t at = 0; at < jobs.size(); at += jobs_at_once) {
        auto some = jobs.subspan(at, std::min(jobs_at_once, jobs.size() - at));
        if (auto held = hold(some); !held)
            return held;
        const auto deadline = clock_.after(options_.patience);
        std::vector<Pair> pairs;
        for (Job& job : some) {
            const bool was_held = job.queue == Queue::Hold;
            job.done = false;
            if (!was_held && !await_held(job, deadline))
                continue;
            auto fresh = copy(job, was_held ? Queue::Hold : Queue::Incoming);
            if (fresh)
                pairs.push_back({&job, std::move(*fresh)});
            else
                base::Log{}.warning(job.id, ": ", fresh.error().text);
        }
        if (auto replaced = replace(pairs); !replaced)
            return replaced;
        if (auto back = give_back(some); !back)
            return back;
    }
    return {};
}

base::Result<void> Redirector::hold(std::span<Job> jobs)
{
    return changer_.change(Action::Hold, jobs); // What is held already stays as it is.
}

bool Redirector::await_held(const Job& job, base::Deadline deadline) const
{
    while (true) {
        const auto queue = directories_.find(job.id);
        if (queue == Queue::Hold)
            return true;
        if (!queue)
            return false; // Its delivery has ended it.
        if (deadline.passed(clock_.mono())) {
            base::Log{}.warning(job.id, ": is being delivered; it goes on hold, and can be "
                                        "redirected there");
            return false;
        }
        std::this_thread::sleep_for(look_pause);
    }
}

base::Result<queue::UncommittedMessage> Redirector::copy(const Job& job, Queue to)
{
    auto reader = MessageReader::open(directories_.disk(), directories_.path(Queue::Hold, job.id),
                                      MessageReader::Check::Content);
    if (!reader)
        return reader.error();
    auto waiting = first_waiting(*reader);
    if (!waiting)
        return waiting.error();
    if (!*waiting)
        return base::permanent("no recipient of it waits");
    queue::Message message = reader->message();
    message.envelope.arrival = clock_.wall();
    message.schedule = {};
    if (message.attribute(queue::attribute::original_queue_id).empty())
        message.attributes.push_back({std::string(queue::attribute::original_queue_id), job.id});
    mail::Recipient recipient = std::move(**waiting);
    if (recipient.original.empty())
        recipient.original = recipient.address;
    recipient.address = options_.address;
    message.recipients = {std::move(recipient)};
    queue::MessageWriter::Options options;
    options.queue = to;
    options.long_ids = options_.long_ids;
    auto writer = queue::MessageWriter::begin(directories_, message.envelope.arrival, options);
    if (!writer)
        return writer.error();
    if (auto copied = copy_content(*reader, *writer); !copied)
        return copied.error();
    return writer->finish(std::move(message));
}

base::Result<void> Redirector::replace(std::vector<Pair>& pairs)
{
    std::vector<queue::UncommittedMessage> fresh;
    std::vector<mail::QueueId> names;
    for (Pair& pair : pairs) {
        names.push_back(pair.fresh.id);
        fresh.push_back(std::move(pair.fresh));
    }
    std::vector<base::Result<void>> safe(fresh.size());
    queue::commit(directories_.disk(), fresh, safe);
    std::vector<Job> old;
    bool news = false;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        pairs[i].job->done = safe[i].ok();
        news |= safe[i] && pairs[i].job->queue != Queue::Hold;
        if (safe[i])
            old.push_back({pairs[i].job->id, Queue::Hold});
        else
            base::Log{}.warning(pairs[i].job->id, ": ", safe[i].error().text);
    }
    if (auto deleted = changer_.change(Action::Delete, old); !deleted)
        return deleted;
    for (const Job& job : old)
        if (!job.done)
            base::Log{}.warning(job.id, ": is redirected, but could not be deleted");
    if (auto told = news ? changer_.announce() : base::Result<void>{}; !told)
        return told;
    for (std::size_t i = 0; i < pairs.size(); ++i)
        if (safe[i])
            base::Log{}.info(pairs[i].job->id, ": redirected to <", options_.address, "> as ",
                             names[i]);
    return {};
}

// What was held for this only, and could not be redirected.
base::Result<void> Redirector::give_back(std::span<Job> jobs)
{
    std::vector<Job> left;
    for (const Job& job : jobs)
        if (!job.done && job.queue != Queue::Hold && directories_.find(job.id) == Queue::Hold)
            left.push_back({job.id, Queue::Hold});
    return changer_.change(Action::Release, left);
}

} // namespace postsuper
