// SPDX-License-Identifier: Apache-2.0
// The message sink of an SMTP session: cleanup, over a connection that is borrowed from a pool for
// the time of one message.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/ipc/client.h"
#include "lib/ipc/messages/cleanup.h"
#include "lib/smtp/collaborators.h"

namespace smtpd {

using CleanupClient = ipc::Client<ipc::cleanup::Protocol>;

// Connections to cleanup that no message uses at the moment.
class CleanupPool {
public:
    CleanupPool(events::Loop& loop, std::string path, base::Duration timeout)
        : loop_(loop), path_(std::move(path)), timeout_(timeout)
    {
    }

    std::unique_ptr<CleanupClient> take();
    void give_back(std::unique_ptr<CleanupClient> client);
    const base::Clock& clock() const { return loop_.clock(); }
    base::Deadline deadline() const { return loop_.clock().after(timeout_); }

private:
    events::Loop& loop_;
    std::string path_;
    base::Duration timeout_;
    struct Kept {
        std::unique_ptr<CleanupClient> client;
        base::MonoTime since;
    };
    std::vector<Kept> idle_; // The latest last.
};

class CleanupSink final : public smtp::MessageSink {
public:
    // `options`: ipc::cleanup::option bits for this client's mail. `filter`: content_filter, or
    // empty; it outlives the sink.
    CleanupSink(CleanupPool& pool, std::uint32_t options, const std::string& filter)
        : pool_(pool), options_(options), filter_(filter)
    {
    }

    base::Task<base::Result<mail::QueueId>> open(const mail::Envelope& envelope,
                                                 std::string_view verp) override;
    base::Task<base::Result<void>> recipient(const mail::Recipient& recipient) override;
    base::Task<base::Result<void>> apply(const smtp::AccessAction& action) override;
    base::Task<base::Result<void>> content(std::string_view bytes) override;
    base::Task<smtp::FinishResult> finish() override;
    void abandon() override;

private:
    base::Task<base::Result<mail::QueueId>> try_open(const mail::Envelope& envelope);
    bool tell(std::string_view key, std::string value);
    bool post_content(std::string_view bytes);

    CleanupPool& pool_;
    std::uint32_t options_;
    const std::string& filter_;
    std::unique_ptr<CleanupClient> client_;
    std::string small_; // Content that has not been sent: small messages leave in one piece.
};

} // namespace smtpd
