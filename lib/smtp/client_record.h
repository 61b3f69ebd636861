// SPDX-License-Identifier: Apache-2.0
// What was said in a client's conversation, and which kinds of trouble were in it, for the
// postmaster (notify_classes).
#pragma once

#include <string>
#include <string_view>

#include "lib/mail/transcript.h"

namespace smtp {

class ClientRecord {
public:
    // Whole commands, each with its CRLF.
    void sent(std::string_view commands) { transcript_.add_commands("Out: ", commands); }
    // Replies, in whatever pieces they come.
    void received(std::string_view bytes);

    // A reply that refused something had this code.
    void refused(int code);
    // The server did not speak the protocol.
    void garbled() { protocol_error_ = true; }
    // Our side could not go on, because of the message's content.
    void content_failed() { content_error_ = true; }

    bool protocol_error() const { return protocol_error_; }
    bool content_error() const { return content_error_; }

    // The text of a letter about it.
    std::string letter(std::string_view server) const;

private:
    mail::Transcript transcript_;
    std::string line_; // Of a reply, so far.
    bool protocol_error_ = false;
    bool content_error_ = false;
};

} // namespace smtp
