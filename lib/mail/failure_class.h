// SPDX-License-Identifier: Apache-2.0
// Why mail to a recipient failed, as one of a few classes that people can act upon: the value that
// the queue file, the index, listings, notices and counters carry beside the reply itself. What
// decides the class of a reply is FailureClassifier.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mail {

// The numbers are in queue files and in the index: add at the end, take nothing away.
enum class FailureClass : std::uint8_t {
    None,        // No failure, or nobody has said of which class it is.
    BadAddress,  // The mailbox does not exist, is disabled, or has moved.
    MailboxFull, // No room for the message there.
    Blocked,     // This host, its network or its sender domain has a bad name there.
    Policy,      // Refused by rule: SPF, DMARC, relaying, sender, rates, greylisting.
    Content,     // The message itself: spam, virus, size, form.
    Network,     // No conversation came about, or it broke.
    Dns,         // The domain does not exist, takes no mail, or its DNS does not answer.
    Tls,         // The encryption that one side demands was not to be had.
    Loop,        // The message goes round in circles.
    AutoReply,   // No failure report but the answer of a machine: vacation and the like.
    Unknown,     // Nothing of the above.
};
inline constexpr std::size_t failure_class_count = 12;

struct Failure {
    FailureClass kind = FailureClass::None;
    // The address will take no mail, whatever is sent: do not write to it again. Everything else is
    // soft, also when this message is returned.
    bool hard = false;

    bool operator==(const Failure&) const = default;
};

// "bad-address", "mailbox-full", ...: fixed, for users and programs; "none" for None.
std::string_view failure_class_name(FailureClass kind);
std::optional<FailureClass> failure_class_of(std::string_view name);
// All names but "none", in the order of the enum.
std::span<const std::string_view> failure_class_names();

// "mailbox-full (soft)"; empty for None.
std::string failure_text(Failure failure);
// The reverse; "mailbox-full" alone is soft.
std::optional<Failure> parse_failure(std::string_view text);

// What an administrator can do about it: one sentence, empty for None.
std::string_view failure_advice(FailureClass kind);

} // namespace mail
