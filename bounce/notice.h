// SPDX-License-Identifier: Apache-2.0
// The text of a delivery status notification (RFC 3464, RFC 3462; RFC 6533 for UTF-8 addresses):
// everything but the returned message itself. All of it in wire form, lines ended by CRLF.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lib/ipc/messages/bounce.h"

namespace bounce {

// Who writes the notice.
struct Identity {
    std::string myhostname;
    std::string mail_name;
};

// What is returned of the original message.
enum class Returned : unsigned char { Nothing, Headers, Message };

struct NoticeFacts {
    ipc::bounce::Kind kind = ipc::bounce::Kind::Failure;
    std::string notice_id;   // Queue id of the notice.
    std::string original_id; // Queue id of the message it is about.
    std::string boundary;
    base::WallTime now{};
    Returned returned = Returned::Message;
    bool eight_bit = false; // In what is returned.
    bool utf8 = false;      // Addresses need UTF-8, or the message was sent with SMTPUTF8.
};

// Subject, and the words of the log line: "sender non-delivery notification".
std::string_view notice_subject(ipc::bounce::Kind kind);
std::string_view notice_name(ipc::bounce::Kind kind);

class Notice {
public:
    // The references outlive the object.
    Notice(const Identity& identity, const NoticeFacts& facts, const mail::Envelope& original)
        : identity_(identity), facts_(facts), original_(original)
    {
    }

    // Everything before the returned message.
    std::string head(std::span<const ipc::bounce::Report> reports) const;
    // Everything after it. `line_open`: it did not end with a line end.
    std::string tail(bool line_open) const;

private:
    void header(std::string& to) const;
    void explanation(std::string& to, std::span<const ipc::bounce::Report> reports) const;
    void status(std::string& to, std::span<const ipc::bounce::Report> reports) const;
    void recipient_status(std::string& to, const ipc::bounce::Report& report) const;
    void returned_head(std::string& to) const;
    void part(std::string& to, std::string_view description, std::string_view type) const;
    std::string line(std::string_view text) const;

    const Identity& identity_;
    const NoticeFacts& facts_;
    const mail::Envelope& original_;
};

// Appends `text` in lines of at most about 78 characters, broken at blanks; lines after the first
// are indented.
void append_wrapped(std::string& to, std::string_view text);

} // namespace bounce
