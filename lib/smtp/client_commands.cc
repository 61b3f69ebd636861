// SPDX-License-Identifier: Apache-2.0
// The text of MAIL and RCPT commands: see the header.
#include "lib/smtp/client_commands.h"

#include <algorithm>
#include <array>

#include "lib/base/strings.h"

namespace smtp {
namespace {

// RFC 5321 4.1.2 atext, and the bytes of UTF-8 (RFC 6531 3.3).
bool is_atext(char c)
{
    constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~";
    return base::is_alnum(c) || marks.find(c) != marks.npos || static_cast<unsigned char>(c) > 127;
}

// RFC 5321 4.1.2 Dot-string
bool is_dot_string(std::string_view text)
{
    bool after_dot = true;
    for (const char c : text) {
        if (c == '.' ? after_dot : !is_atext(c))
            return false;
        after_dot = c == '.';
    }
    return !after_dot;
}

void append_address(std::string& to, std::string_view address, const CommandStyle& style)
{
    if (style.quote)
        append_quoted_address(to, address);
    else
        to += address;
}

void append_orcpt(std::string& to, const mail::Recipient& recipient, const CommandStyle& style)
{
    if (!recipient.dsn_orcpt.empty()) {
        std::string_view value = recipient.dsn_orcpt;
        const std::string_view type = base::cut(value, ';');
        base::append(to, " ORCPT=", type, ";");
        append_xtext(to, value);
        return;
    }
    // RFC 6533 3: an address that is not ASCII has type utf-8, and only SMTPUTF8 may carry it.
    const bool ascii = base::is_ascii(recipient.original);
    if (recipient.original.empty() || !(ascii || style.smtputf8))
        return;
    std::string quoted;
    append_quoted_address(quoted, recipient.original);
    to += ascii ? " ORCPT=rfc822;" : " ORCPT=utf-8;";
    if (ascii)
        append_xtext(to, quoted);
    else
        to += quoted;
}

struct NotifyName {
    std::uint8_t bit;
    std::string_view name;
};

// RFC 3461 4.1; NEVER stands alone.
void append_notify(std::string& to, std::uint8_t bits)
{
    constexpr std::array<NotifyName, 3> names = {{
        {mail::notify::success, "SUCCESS"},
        {mail::notify::failure, "FAILURE"},
        {mail::notify::delay, "DELAY"},
    }};
    if (bits == 0)
        return;
    to += " NOTIFY=";
    if ((bits & mail::notify::never) != 0) {
        to += "NEVER";
        return;
    }
    std::string_view comma;
    for (const NotifyName& entry : names) {
        if ((bits & entry.bit) == 0)
            continue;
        base::append(to, comma, entry.name);
        comma = ",";
    }
}

std::string_view body_parameter(mail::BodyType body)
{
    switch (body) {
    case mail::BodyType::Unspecified: return "";
    case mail::BodyType::SevenBit: return " BODY=7BIT";
    case mail::BodyType::EightBitMime: return " BODY=8BITMIME";
    }
    return "";
}

std::string_view ret_parameter(mail::DsnReturn ret)
{
    switch (ret) {
    case mail::DsnReturn::Unspecified: return "";
    case mail::DsnReturn::Full: return " RET=FULL";
    case mail::DsnReturn::Headers: return " RET=HDRS";
    }
    return "";
}

} // namespace

bool is_sendable_address(std::string_view address)
{
    return std::none_of(address.begin(), address.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
}

void append_quoted_address(std::string& to, std::string_view address)
{
    const std::size_t at = std::min(address.rfind('@'), address.size());
    const std::string_view local = address.substr(0, at);
    if (address.empty() || is_dot_string(local)) {
        to += address;
        return;
    }
    to += '"';
    for (const char c : local) {
        if (c == '"' || c == '\\')
            to += '\\';
        to += c;
    }
    to += '"';
    to += address.substr(at);
}

void append_xtext(std::string& to, std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 32 && byte < 127 && c != '+' && c != '=') {
            to += c;
            continue;
        }
        to += '+';
        to += digits[byte >> 4];
        to += digits[byte & 15];
    }
}

void append_mail_command(std::string& to, const mail::Envelope& envelope, std::uint64_t size,
                         const CommandStyle& style)
{
    to += "MAIL FROM:<";
    append_address(to, envelope.sender, style);
    to += '>';
    if (style.capabilities.has(extension::size))
        base::append(to, " SIZE=", size);
    if (style.capabilities.has(extension::eight_bit_mime))
        to += body_parameter(envelope.body);
    if (style.capabilities.has(extension::dsn)) {
        if (!envelope.dsn_envid.empty()) {
            to += " ENVID=";
            append_xtext(to, envelope.dsn_envid);
        }
        to += ret_parameter(envelope.dsn_return);
    }
    if (style.mail_auth && style.capabilities.has(extension::auth))
        to += " AUTH=<>";
    if (style.smtputf8)
        to += " SMTPUTF8";
    to += "\r\n";
}

void append_rcpt_command(std::string& to, const mail::Recipient& recipient,
                         const CommandStyle& style)
{
    to += "RCPT TO:<";
    append_address(to, recipient.address, style);
    to += '>';
    if (style.capabilities.has(extension::dsn)) {
        append_orcpt(to, recipient, style);
        append_notify(to, recipient.dsn_notify);
    }
    to += "\r\n";
}

} // namespace smtp
