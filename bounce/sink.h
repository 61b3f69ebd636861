// SPDX-License-Identifier: Apache-2.0
// Where finished notices go: an interface, and cleanup behind it.
#pragma once

#include <memory>
#include <string>

#include "lib/ipc/client.h"
#include "lib/ipc/messages/cleanup.h"

namespace bounce {

// One notice on its way into the queue. Destroyed before finish(): nothing has happened.
class NoticeSink {
public:
    virtual ~NoticeSink() = default;
    // Begins a message to `recipient`; the queue id.
    virtual base::Task<base::Result<std::string>> open(mail::Envelope envelope,
                                                       mail::Recipient recipient) = 0;
    virtual base::Task<base::Result<void>> write(std::string bytes) = 0;
    // Success: the notice is on disk.
    virtual base::Task<base::Result<void>> finish() = 0;
};

class NoticeSinks {
public:
    virtual ~NoticeSinks() = default;
    virtual std::unique_ptr<NoticeSink> make() = 0;
};

class CleanupSinks final : public NoticeSinks {
public:
    CleanupSinks(events::Loop& loop, base::Duration answer_time)
        : loop_(loop), answer_time_(answer_time)
    {
    }
    std::unique_ptr<NoticeSink> make() override;

private:
    events::Loop& loop_;
    base::Duration answer_time_;
};

} // namespace bounce
