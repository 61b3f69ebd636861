// SPDX-License-Identifier: Apache-2.0
// The text of MAIL and RCPT commands with their parameters (RFC 5321, 1870, 6152, 6531, 3461).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/mail/envelope.h"
#include "lib/smtp/client_capabilities.h"

namespace smtp {

// False when `address` holds a control character: such an address cannot be sent in a command, and
// with CR or LF it would be a command of its own.
bool is_sendable_address(std::string_view address);

// Appends `address` in the form of RFC 5321 4.1.2: a local part that is no dot-atom is quoted.
void append_quoted_address(std::string& to, std::string_view address);

// Appends `text` as xtext (RFC 3461 section 4): everything but printable characters, and '+' and
// '=', as "+XX".
void append_xtext(std::string& to, std::string_view text);

// How commands are to be written in this conversation.
struct CommandStyle {
    const Capabilities& capabilities;
    bool quote = true;      // Quote local parts.
    bool smtputf8 = false;  // The message is sent as SMTPUTF8.
    bool mail_auth = false; // Add AUTH=<>.
};

// "MAIL FROM:<...> ..." with CRLF. `size` is the message's size in octets. Parameters are added
// only for extensions that the server offers.
void append_mail_command(std::string& to, const mail::Envelope& envelope, std::uint64_t size,
                         const CommandStyle& style);

// "RCPT TO:<...> ..." with CRLF. The original address is passed on as ORCPT when the sender gave
// none, as Postfix does.
void append_rcpt_command(std::string& to, const mail::Recipient& recipient,
                         const CommandStyle& style);

} // namespace smtp
