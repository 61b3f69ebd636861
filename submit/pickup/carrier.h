// SPDX-License-Identifier: Apache-2.0
// Carries one message from maildrop to cleanup.
#pragma once

#include "lib/base/log.h"
#include "lib/config/params/submit.h"
#include "lib/event/loop.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/bounce.h"
#include "lib/ipc/messages/cleanup.h"
#include "submit/pickup/maildrop_file.h"

namespace pickup {

// What became of the message.
enum class Fate : std::uint8_t {
    Taken,   // cleanup has it on disk; or its sender a notice that it never will.
    Later,   // Try again.
    Refused, // cleanup will never take it, and no notice could be given.
};

class Carrier {
public:
    struct Rules {
        base::Duration timeout{};  // ipc_timeout
        std::uint32_t options = 0; // ipc::cleanup::option bits for all mail.
        std::string filter = {};   // content_filter
        // verp_delimiter_filter; empty: one notice about all recipients (disable_verp_bounces).
        std::string verp_filter = {};
        base::LogSink* refusals = nullptr; // As cleanup(8): for recipients whose mail it refused.
    };
    Carrier(events::Loop& loop, std::string socket, Rules rules)
        : loop_(loop), cleanup_(loop, std::move(socket)), bounce_(loop, "private/bounce"),
          rules_(std::move(rules))
    {
    }

    // `path` is for the log.
    base::Task<Fate> carry(MaildropFile& file, std::string path);

private:
    base::Task<base::Result<std::string>> open(const MaildropFile& file, std::string path);
    base::Task<base::Result<void>> send_recipients(MaildropFile& file);
    base::Task<base::Result<void>> send_content(const MaildropFile& file);
    base::Task<Fate> finish(const MaildropFile& file, std::string path, mail::QueueId id);
    struct Failed { // By cleanup.
        mail::QueueId id;
        mail::Outcome outcome;
    };
    base::Task<Fate> notify(const MaildropFile& file, const Failed& failed,
                            std::vector<mail::Recipient> about, std::string to);
    void log_failed(const MaildropFile& file, const Failed& failed) const;
    base::Task<Fate> give_back(const MaildropFile& file, Failed failed);
    bool act(std::string_view key, std::string value);
    bool describe(const MaildropFile& file);
    void tell(const MaildropFile& file, std::string_view path, std::string_view id) const;
    bool send(std::vector<mail::Recipient> recipients);
    base::Deadline deadline() const { return loop_.clock().after(rules_.timeout); }

    events::Loop& loop_;
    ipc::Client<ipc::cleanup::Protocol> cleanup_;
    ipc::Client<ipc::bounce::Protocol> bounce_;
    Rules rules_;
    std::vector<mail::Recipient> given_; // The first recipients of the message, for a notice.
};

} // namespace pickup
