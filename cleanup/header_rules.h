// SPDX-License-Identifier: Apache-2.0
// What happens to each header field of a message on its way into the queue: what is dropped, what
// is noted, and which fields are added because they are missing (RFC 5322 section 3.6).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/mail/header.h"

namespace cleanup {

class HeaderRules final : public mail::HeaderSink {
public:
    explicit HeaderRules(const std::vector<std::string>& drop) : drop_(drop) {}

    void field(const mail::HeaderField& field) override;

    // The fields to keep, in wire form, since the last call.
    std::string take() { return std::exchange(kept_, {}); }

    unsigned received_count() const { return received_count_; }
    bool has_recipient_field() const { return has_recipient_; }
    bool resent() const { return resent_; }
    bool has_message_id() const { return !message_id_.empty(); }
    bool has_date() const { return has_date_; }
    bool has_from() const { return has_from_; }
    // As written, or empty; of Resent-Message-Id when the message was resent.
    const std::string& message_id() const { return resent_id_.empty() ? message_id_ : resent_id_; }
    bool message_id_is_resent() const { return !resent_id_.empty(); }

private:
    bool is_dropped(std::string_view name) const;
    void note(const mail::HeaderField& field);

    const std::vector<std::string>& drop_;
    std::string kept_;
    unsigned received_count_ = 0;
    bool has_recipient_ = false;
    bool resent_ = false;
    bool has_date_ = false;
    bool has_from_ = false;
    std::string message_id_;
    std::string resent_id_;
};

} // namespace cleanup
