// SPDX-License-Identifier: Apache-2.0
// Changing messages; see changer.h.
#include "tools/postsuper/changer.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/queue/reader.h"

namespace postsuper {

using ipc::qmgr::Change;
using queue::Queue;

namespace {

constexpr auto connect_patience = std::chrono::seconds(30);
constexpr auto answer_patience = std::chrono::minutes(5);

// Questions on the way at a time, so that neither side waits for the other after each message.
constexpr std::size_t questions_at_once = 256;

Change change_of(Action action)
{
    switch (action) {
    case Action::Requeue: return Change::Requeue;
    case Action::Delete: return Change::Delete;
    case Action::Expire: return Change::Expire;
    case Action::ExpireRelease: return Change::ExpireRelease;
    case Action::Hold: return Change::Hold;
    case Action::Release: return Change::Release;
    }
    return Change::Hold;
}

base::Result<queue::JournalState> read_journal(queue::Directories& directories, const Job& job,
                                               base::Fd& file)
{
    auto& disk = directories.disk();
    const std::string path = directories.path(job.queue, job.id);
    if (const int error = disk.open(path, queue::Access::ReadWrite, file))
        return base::system_error(base::cat("open ", path), error);
    auto reader =
        queue::MessageReader::open(disk, std::move(file), queue::MessageReader::Check::Envelope);
    if (!reader)
        return reader.error().in(path);
    auto state = reader->journal(queue::JournalDetail::States);
    file = reader->release();
    return state;
}

} // namespace

bool has_effect(Action action, const Job& job)
{
    if (job.queue == Queue::Maildrop) // Not yet in the queue manager's hands, nor checked.
        return action == Action::Delete;
    switch (action) {
    case Action::Expire: return !job.was_expired;
    case Action::ExpireRelease: return !job.was_expired || job.queue == Queue::Hold;
    case Action::Hold: return job.queue != Queue::Hold && job.queue != Queue::Maildrop;
    case Action::Release: return job.queue == Queue::Hold;
    case Action::Requeue:
    case Action::Delete: break;
    }
    return true;
}

bool is_expired(queue::Directories& directories, const Job& job)
{
    base::Fd file;
    auto state = read_journal(directories, job, file);
    return state && state->note(queue::NoteKind::Expired) != 0;
}

base::Result<void> FileChanger::expire(const Job& job)
{
    if (job.was_expired)
        return {};
    base::Fd file;
    auto state = read_journal(directories_, job, file);
    if (!state)
        return state.error();
    queue::Journal journal(directories_.disk(), std::move(file), std::move(*state));
    return journal.note(queue::NoteKind::Expired, 1);
}

base::Result<void> FileChanger::change_one(Action action, const Job& job)
{
    const base::WallTime now = base::SystemClock{}.wall();
    switch (action) {
    case Action::Requeue: return directories_.requeue(job.id, job.queue);
    case Action::Delete: return directories_.remove(job.queue, job.id);
    case Action::Expire: return expire(job);
    case Action::ExpireRelease:
        if (auto noted = expire(job); !noted)
            return noted;
        if (job.queue != Queue::Hold)
            return {};
        return directories_.defer(job.id, Queue::Hold, now);
    case Action::Hold: return directories_.move(job.id, job.queue, Queue::Hold);
    case Action::Release: return directories_.defer(job.id, Queue::Hold, now);
    }
    return {};
}

base::Result<void> FileChanger::change(Action action, std::span<Job> jobs)
{
    for (Job& job : jobs) {
        if (!has_effect(action, job))
            continue;
        auto changed = change_one(action, job);
        job.done = changed.ok();
        if (!changed && !changed.error().text.ends_with("No such file or directory"))
            base::Log{}.warning(job.id, ": ", changed.error().text);
    }
    return {};
}

struct QmgrChanger::Batch {
    Action action;
    std::span<Job> jobs;
    std::size_t next = 0;
    base::Result<void> result;
};

base::Task<void> QmgrChanger::connect_to(ipc::Caller& qmgr, bool& up)
{
    auto connected = co_await qmgr.connect(qmgr.loop().clock().after(connect_patience));
    up = connected.ok();
}

bool QmgrChanger::connect()
{
    bool up = false;
    base::Scope scope;
    scope.spawn(connect_to(qmgr_, up));
    while (!scope.empty())
        loop_.turn(std::chrono::seconds(1));
    return up;
}

// One of many that take jobs from the same batch.
base::Task<void> QmgrChanger::work(Batch& batch)
{
    while (batch.result && batch.next < batch.jobs.size()) {
        Job& job = batch.jobs[batch.next++];
        if (!has_effect(batch.action, job))
            continue;
        auto deadline = loop_.clock().after(answer_patience);
        ipc::qmgr::ChangeMessage question{job.id, change_of(batch.action)};
        auto answer = co_await qmgr_.call(question, deadline);
        if (answer)
            job.done = answer->found;
        else
            batch.result = answer.error().in("the queue manager does not answer");
    }
}

base::Task<void> QmgrChanger::wake(base::Result<void>& result)
{
    auto woken = co_await qmgr_.call(ipc::qmgr::Wake{}, loop_.clock().after(answer_patience));
    if (!woken)
        result = woken.error().in("the queue manager does not answer");
}

base::Result<void> QmgrChanger::announce()
{
    base::Result<void> result;
    base::Scope scope;
    scope.spawn(wake(result));
    while (!scope.empty())
        loop_.turn(std::chrono::seconds(1));
    return result;
}

base::Result<void> QmgrChanger::change(Action action, std::span<Job> jobs)
{
    Batch batch{action, jobs, 0, {}};
    base::Scope workers;
    for (std::size_t i = 0; i < std::min(questions_at_once, jobs.size()); ++i)
        workers.spawn(work(batch));
    while (!workers.empty())
        loop_.turn(std::chrono::seconds(1));
    return batch.result;
}

} // namespace postsuper
