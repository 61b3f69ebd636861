// SPDX-License-Identifier: Apache-2.0
// Changes of single messages: by the queue manager while one runs, since it is the only owner of
// the files then; on the files themselves otherwise.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lib/ipc/client.h"
#include "lib/ipc/messages/qmgr.h"
#include "lib/queue/directories.h"
#include "tools/postsuper/options.h"

namespace postsuper {

// One message to change, and what came of it.
struct Job {
    mail::QueueId id;
    queue::Queue queue = queue::Queue::Incoming; // Where it was found.
    bool was_expired = false;                    // Known for the two actions of expiration only.
    bool done = false;
};

class Changer {
public:
    virtual ~Changer() = default;
    // Carries out `action` on every job, and sets `done` where there was something to do. An error:
    // the rest was not done.
    virtual base::Result<void> change(Action action, std::span<Job> jobs) = 0;
    // There are new messages in incoming.
    virtual base::Result<void> announce() = 0;
};

// On the files. Errors of single messages are logged.
class FileChanger final : public Changer {
public:
    explicit FileChanger(queue::Directories& directories) : directories_(directories) {}
    base::Result<void> change(Action action, std::span<Job> jobs) override;
    base::Result<void> announce() override { return {}; }

private:
    base::Result<void> change_one(Action action, const Job& job);
    base::Result<void> expire(const Job& job);

    queue::Directories& directories_;
};

// Over public/qmgr.
class QmgrChanger final : public Changer {
public:
    QmgrChanger(events::Loop& loop, std::string socket) : loop_(loop), qmgr_(loop, socket) {}
    // Whether a queue manager listens.
    bool connect();
    base::Result<void> change(Action action, std::span<Job> jobs) override;
    base::Result<void> announce() override;

private:
    struct Batch;
    base::Task<void> work(Batch& batch);
    base::Task<void> wake(base::Result<void>& result);
    static base::Task<void> connect_to(ipc::Caller& qmgr, bool& up);

    events::Loop& loop_;
    ipc::Client<ipc::qmgr::Protocol> qmgr_;
};

// Whether the action would change anything about the message.
bool has_effect(Action action, const Job& job);

// Whether the message of `job` is marked as expired already.
bool is_expired(queue::Directories& directories, const Job& job);

} // namespace postsuper
