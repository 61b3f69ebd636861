// SPDX-License-Identifier: Apache-2.0
// What happens to each header field of a message on its way into the queue: what is dropped, what
// is noted, whose addresses are to be rewritten, and which fields are missing (RFC 5322 section
// 3.6).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cleanup/addressing.h"
#include "lib/base/log.h"
#include "lib/mail/header.h"

namespace cleanup {

// What a field is to us, as bits.
namespace field_kind {
inline constexpr std::uint32_t sender = 1; // Its addresses are senders'.
inline constexpr std::uint32_t recipient = 2;
inline constexpr std::uint32_t resent = 4; // Shows that the message was sent again.
inline constexpr std::uint32_t visible_recipient = 8;
inline constexpr std::uint32_t received = 16;
// Fields that every message should have.
inline constexpr std::uint32_t message_id = 32, date = 64, from = 128;
inline constexpr std::uint32_t resent_message_id = 256, resent_date = 512, resent_from = 1024;
} // namespace field_kind

class HeaderRules final : public mail::HeaderSink {
public:
    // `drop` and `log`, which gets the message ids, outlive it.
    HeaderRules(const std::vector<std::string>& drop, const base::Log& log) : drop_(drop), log_(log)
    {
    }

    void field(const mail::HeaderField& field) override;
    // Lines that a rule puts in: kept as they are.
    void insert(std::string_view lines) { kept_.text.append(lines); }

    // A field among those kept that has addresses.
    struct Addressed {
        std::size_t offset = 0;
        std::size_t length = 0;
        Role role = Role::HeaderSender;
    };
    struct Kept {
        std::string text; // Wire form.
        std::vector<Addressed> addressed;
    };
    // What to keep of the fields since the last call.
    Kept take() { return std::exchange(kept_, {}); }
    bool nothing_kept() const { return kept_.text.empty(); }

    // Fields of any of these kinds have come.
    bool seen(std::uint32_t kinds) const { return (seen_ & kinds) != 0; }
    bool resent() const { return seen(field_kind::resent); }
    unsigned received_count() const { return received_count_; }

private:
    bool is_dropped(std::string_view name) const;
    void note(const mail::HeaderField& field, std::uint32_t kind);

    const std::vector<std::string>& drop_;
    const base::Log& log_;
    Kept kept_;
    std::uint32_t seen_ = 0;
    unsigned received_count_ = 0;
};

} // namespace cleanup
