// SPDX-License-Identifier: Apache-2.0
// What the server session asks of others, as interfaces: access policy, the message sink (cleanup),
// and the flush service behind ETRN. One object of each serves one session; all outlive it. Calls
// are made one at a time. References given to a call live until its task has ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/task.h"
#include "lib/mail/envelope.h"
#include "lib/mail/queue_id.h"
#include "lib/smtp/reply.h"

namespace smtp {

// Access actions that let the command pass but change what becomes of the message (access(5)).
enum class ActionKind : std::uint8_t {
    Prepend, // value: header line without line end.
    Hold,
    Discard,
    Redirect, // value: address.
    Filter,   // value: transport:nexthop.
    Bcc,      // value: address.
    Warn,     // Log only, this one and those that follow.
    Info,
    RejectWarning, // warn_if_reject; log_text is the reply that would have been sent.
    Permit,        // smtpd_log_access_permit_actions
};

struct AccessAction {
    ActionKind kind = ActionKind::Info;
    std::string value;
    std::string log_text; // What the log shows after "hold: RCPT from H: ".

    bool operator==(const AccessAction&) const = default;
};

// The answer of a policy: an empty reply lets the command pass. A reply begins with its code, and
// 421 or 521 ends the session. `warn_only` (warn_if_reject) logs the refusal as reject_warning.
struct Verdict {
    Reply reply;
    bool warn_only = false;
    std::vector<AccessAction> actions;
    std::string warning = {}; // Logged instead of the refusal.

    static Verdict pass() { return {}; }
    static Verdict refuse(Reply text) { return {std::move(text), false, {}, {}}; }
};

// What a policy decision is made from. The strings are the session's.
struct PolicyInput {
    const mail::Client& client;
    const mail::Envelope& envelope; // Sender, size and options; empty before MAIL.
    std::string_view recipient;     // At RCPT and VRFY; at later stages only if there is just one.
    std::string_view domain;        // At ETRN.
    std::uint32_t recipient_count = 0;
    std::string_view queue_id; // Empty before the first accepted recipient.
    bool mail_seen = false;    // The sender is known.
    bool pipelined = false;    // More input had come with the command though it must not.
};

class Policy {
public:
    virtual ~Policy() = default;
    virtual base::Task<Verdict> connect(const PolicyInput& input) = 0;
    virtual base::Task<Verdict> helo(const PolicyInput& input) = 0;
    virtual base::Task<Verdict> mail(const PolicyInput& input) = 0;
    virtual base::Task<Verdict> rcpt(const PolicyInput& input) = 0;
    virtual base::Task<Verdict> data(const PolicyInput& input) = 0;
    virtual base::Task<Verdict> end_of_data(const PolicyInput& input) = 0;
    virtual base::Task<Verdict> vrfy(const PolicyInput& input) = 0;
    virtual base::Task<Verdict> etrn(const PolicyInput& input) = 0;

    // Limits on the client, asked before everything else of the stage, also where decisions are
    // made later (smtpd_delay_reject). By default there are none.
    virtual base::Task<Verdict> limit_session(const PolicyInput&) { co_return Verdict::pass(); }
    virtual base::Task<Verdict> limit_mail(const PolicyInput&) { co_return Verdict::pass(); }
    virtual base::Task<Verdict> limit_rcpt(const PolicyInput&) { co_return Verdict::pass(); }

    // What takes the place of a command line without blanks before it (smtpd_command_filter), if
    // anything. An error ends the session.
    virtual base::Task<base::Result<std::optional<std::string>>> replacement(std::string_view)
    {
        co_return std::optional<std::string>{};
    }
    // Whether a command is answered with 250 and otherwise ignored (smtpd_noop_commands); and
    // whether one that we do not know ends the session (smtpd_forbidden_commands). By its first
    // word.
    virtual base::Task<bool> ignores(std::string_view) { co_return false; }
    virtual base::Task<bool> forbids(std::string_view) { co_return false; }
};

// How a message ended at the sink: an empty reply means that it is safely queued.
struct FinishResult {
    Reply reply;
};

// Takes one message after another: open, recipients, actions, content, and finish or abandon.
// After a failed call the session abandons the message.
class MessageSink {
public:
    virtual ~MessageSink() = default;
    // `verp`: delimiters of variable envelope return paths (lib/mail/verp.h), or empty.
    virtual base::Task<base::Result<mail::QueueId>> open(const mail::Envelope& envelope,
                                                         std::string_view verp) = 0;
    virtual base::Task<base::Result<void>> recipient(const mail::Recipient& recipient) = 0;
    virtual base::Task<base::Result<void>> apply(const AccessAction& action) = 0;
    // Wire form: lines end in CRLF, dots are not stuffed. Any split.
    virtual base::Task<base::Result<void>> content(std::string_view bytes) = 0;
    virtual base::Task<FinishResult> finish() = 0;
    // The message must leave no trace. Also called when the session ends half-way.
    virtual void abandon() = 0;
};

enum class FlushAnswer : std::uint8_t { Started, Failed, NotAllowed };

class SiteFlusher {
public:
    virtual ~SiteFlusher() = default;
    virtual base::Task<FlushAnswer> flush_site(std::string_view domain) = 0;
};

} // namespace smtp
