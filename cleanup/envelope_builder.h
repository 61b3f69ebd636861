// SPDX-License-Identifier: Apache-2.0
// Makes the envelope of the queue file from what the client says: sender and recipients rewritten,
// aliases expanded, each recipient once, copies added. A table that cannot be asked fails the
// whole message: it is never taken half.
#pragma once

#include <string>
#include <unordered_set>

#include "cleanup/addressing.h"
#include "cleanup/failure.h"
#include "lib/base/log.h"
#include "lib/queue/message.h"

namespace cleanup {

// Bytes of one message's recipients, at most, whatever its aliases make of them.
inline constexpr std::size_t envelope_bytes_limit = 64U << 20;

class EnvelopeBuilder {
public:
    struct Rules {
        bool map = true;               // Canonical, masquerading, aliases.
        bool bcc = true;               // Automatic copies.
        std::size_t remembered = 1000; // duplicate_filter_limit
    };
    // `addressing` and `log` outlive it.
    EnvelopeBuilder(const Addressing& addressing, const base::Log& log, Rules rules)
        : addressing_(addressing), log_(log), rules_(rules)
    {
    }

    base::Task<void> begin(mail::Envelope envelope);
    base::Task<void> recipient(mail::Recipient recipient);
    // A copy, by an access action.
    base::Task<void> bcc(std::string address);
    // All mail goes here instead; the last one counts.
    base::Task<void> redirect(std::string address);
    // A later value takes the place of an earlier one.
    void attribute(std::string_view name, std::string value);
    // One of several of that name; those beyond what a file may have are left out.
    void add_attribute(std::string_view name, std::string value);

    // Adds the last copies; for once.
    base::Task<void> end();
    queue::Message take() { return std::move(message_); }

    mail::Envelope& envelope() { return message_.envelope; }
    const mail::Envelope& envelope() const { return message_.envelope; }
    // Recipients as the client gave them: how many, and the first.
    std::size_t given() const { return given_; }
    const std::string& first_given() const { return first_given_; }
    const Failure& failure() const { return failure_; }
    // The sender or a recipient is not ASCII.
    bool has_utf8() const;

private:
    // Room is left for other attributes; see queue::attribute_limit.
    static constexpr std::size_t expanded_limit = 400;
    static constexpr std::size_t added_limit = 500;

    base::Task<void> copy_to(std::optional<std::string> address);
    base::Task<void> place(mail::Recipient recipient);
    void add(mail::Recipient recipient);
    bool is_new(const mail::Recipient& recipient);
    bool note_expanded(const mail::Recipient& recipient);
    static void drop_success(mail::Recipient& recipient);
    void fail(const base::Error& error);

    const Addressing& addressing_;
    const base::Log& log_;
    Rules rules_;
    queue::Message message_;
    std::unordered_set<std::string> seen_;
    std::size_t bytes_ = 0;    // Of recipients and of seen_.
    std::size_t expanded_ = 0; // Of which the sender is told.
    std::size_t added_ = 0;    // Attributes of which there may be several.
    std::size_t given_ = 0;
    std::string first_given_;
    std::optional<std::string> redirect_;
    Failure failure_;
};

} // namespace cleanup
