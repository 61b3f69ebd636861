// SPDX-License-Identifier: Apache-2.0
// What was said in a session, and which kinds of trouble were in it, for the postmaster
// (notify_classes).
#pragma once

#include <string>
#include <string_view>

#include "lib/mail/transcript.h"

namespace smtpd {

// The bit of config::notify_class that a reply belongs to; 0 for one that refuses nothing.
unsigned class_of_reply(std::string_view reply);

class SessionRecord {
public:
    // Bytes that were commands; complete lines.
    void heard(std::string_view lines) { transcript_.add_commands("In:  ", lines); }
    void said(std::string_view replies);
    // The session did not end as it should: "lost connection", "timeout".
    void ended(std::string_view reason) { reason_ = reason; }

    unsigned classes() const { return classes_; }
    // The text of a letter about it.
    std::string letter() const;

private:
    mail::Transcript transcript_;
    std::string_view reason_; // A literal.
    unsigned classes_ = 0;
};

} // namespace smtpd
