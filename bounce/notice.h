// SPDX-License-Identifier: Apache-2.0
// The text of a delivery status notification (RFC 3464, RFC 3462; RFC 6533 for UTF-8 addresses):
// everything but the returned message itself. All of it in wire form, lines ended by CRLF.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/strings.h"
#include "lib/config/notice_template.h"
#include "lib/ipc/messages/bounce.h"

namespace bounce {

// Who writes the notice.
struct Identity {
    std::string myhostname;
    std::string mail_name;
    std::string myorigin;
    bool utf8 = true; // smtputf8_enable: what a person reads is in UTF-8.

    // What stands for us in names of fields and in types (X-...-Queue-ID).
    std::string field_name() const;
    std::string daemon_address() const { return "MAILER-DAEMON@" + myorigin; }
};

// What a person reads at the top, ready for use.
struct Text {
    std::string charset;
    std::string from;
    std::string subject;
    std::string postmaster_subject;
    std::string body; // CRLF.
};
using Texts = std::array<Text, config::notice_texts>;

// From templates; what is wrong with them is told.
Texts make_texts(const config::NoticeTemplates& templates, const config::MainCf& main,
                 bool utf8_enabled, config::Faults& faults);

// What is returned of the original message.
enum class Returned : unsigned char { Nothing, Headers, Message };

struct NoticeFacts {
    ipc::bounce::Kind kind = ipc::bounce::Kind::Failure;
    std::string to;          // Whom it is for: the sender, or the postmaster.
    bool postmaster = false; // A copy for the postmaster: no words, another subject.
    std::string notice_id;   // Queue id of the notice.
    std::string original_id; // Queue id of the message it is about.
    std::string boundary;
    std::string message_id; // Of that message, if the notice is to appear as an answer to it.
    base::WallTime now{};
    base::WallTime retry_until{}; // Of a delayed message.
    Returned returned = Returned::Message;
    bool eight_bit = false; // In what is returned.
    bool utf8 = false;      // Addresses need UTF-8, or the message was sent with SMTPUTF8.
};

// The words of the log line: "sender non-delivery notification".
std::string notice_name(ipc::bounce::Kind kind, bool postmaster);

using Reports = std::span<const ipc::bounce::Report* const>;

class Notice {
public:
    // The references outlive the object.
    Notice(const Identity& identity, const Texts& texts, const NoticeFacts& facts,
           const mail::Envelope& original);

    // Everything before the returned message.
    std::string head(Reports reports) const;
    // Everything after it. `line_open`: it did not end with a line end.
    std::string tail(bool line_open) const;

private:
    void header(std::string& to) const;
    void explanation(std::string& to, Reports reports) const;
    void status(std::string& to, Reports reports) const;
    void recipient_status(std::string& to, const ipc::bounce::Report& report) const;
    void returned_head(std::string& to) const;
    void part(std::string& to, std::string_view description, std::string_view type) const;
    bool says_eight_bit() const { return identity_.utf8 || facts_.eight_bit || facts_.utf8; }
    // Of what a person reads.
    bool says_utf8() const
    {
        return facts_.utf8 || (says_eight_bit() && base::iequals(text_.charset, "utf-8"));
    }
    std::string line(std::string_view text) const;

    const Identity& identity_;
    const Text& text_;
    const NoticeFacts& facts_;
    const mail::Envelope& original_;
};

} // namespace bounce
