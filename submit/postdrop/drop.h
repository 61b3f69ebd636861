// SPDX-License-Identifier: Apache-2.0
// From the stream to a file in maildrop.
#pragma once

#include <memory>
#include <optional>

#include "lib/base/clock.h"
#include "lib/queue/writer.h"
#include "lib/submit/stream.h"
#include "submit/postdrop/sender_rule.h"

namespace postdrop {

class Drop final : public submit::StreamSink {
public:
    struct Rules {
        std::uint64_t size_limit = 0; // message_size_limit
        bool long_ids = false;
        std::string verp_filter = {}; // verp_delimiter_filter
        SenderRule senders = {};      // For the user of this name:
        std::string login = {};
    };
    // `directories` outlives it.
    Drop(const queue::Directories& directories, base::WallTime now, Rules rules);

    base::Result<void> head(submit::Head head) override;
    base::Result<void> recipient(mail::Recipient recipient) override;
    base::Result<void> content(std::string_view bytes) override;

    // The message is complete: names it, and answers when it is on disk.
    base::Result<mail::QueueId> commit();
    // Once the head has come: the name that the message will have.
    const mail::QueueId* id() const { return writer_ ? &writer_->id() : nullptr; }
    // Content was larger than the limit.
    bool too_big() const { return too_big_; }
    // The user may not use this sender.
    bool forbidden() const { return forbidden_; }

private:
    base::Result<void> check_verp(const submit::Head& head) const;

    const queue::Directories& directories_;
    base::WallTime now_;
    Rules rules_;
    queue::Message message_;
    std::optional<queue::MessageWriter> writer_;
    std::uint64_t size_ = 0;
    bool too_big_ = false;
    bool forbidden_ = false;
};

} // namespace postdrop
