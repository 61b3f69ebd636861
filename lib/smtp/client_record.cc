// SPDX-License-Identifier: Apache-2.0
// The record of a client's conversation; see client_record.h.
#include "lib/smtp/client_record.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace smtp {

void ClientRecord::received(std::string_view bytes)
{
    while (!bytes.empty()) {
        const bool complete = bytes.find('\n') != std::string_view::npos;
        const std::string_view part = base::cut(bytes, '\n');
        const std::size_t room = mail::Transcript::line_limit - line_.size();
        line_ += part.substr(0, room);
        if (!complete)
            return;
        line_ += '\n';
        transcript_.add_replies("In:  ", line_);
        line_.clear();
    }
}

// RFC 5321 4.2.1: x0z is about syntax, and so is 555 of extensions; no other refusal is a fault of
// protocol. A code of another class has no place where one may be refused.
void ClientRecord::refused(int code)
{
    const bool refusal = code >= 400 && code <= 599;
    protocol_error_ = protocol_error_ || !refusal || (code >= 500 && code < 510) || code == 555;
}

std::string ClientRecord::letter(std::string_view server) const
{
    mail::Transcript transcript = transcript_;
    if (!line_.empty())
        transcript.add_replies("In:  ", line_);
    return transcript.letter(base::cat("Unexpected response from ", server, ".\r\n\r\n"), {});
}

} // namespace smtp
