// SPDX-License-Identifier: Apache-2.0
// What an access table may answer (access(5)), taken apart. Pure text work.
#pragma once

#include <string>
#include <string_view>

#include "smtpd/policy/engine.h"

namespace smtpd {

enum class ResultKind : unsigned char {
    Dunno,
    Ok, // OK, RELAY, or digits.
    Reject,
    Defer,
    DeferIfReject,
    DeferIfPermit,
    Code, // "450 text", "554 5.7.1 text"
    Discard,
    Filter,
    Hold,
    Prepend,
    Redirect,
    Bcc,
    Info,
    Warn,
    Restrictions, // None of these: a list of restrictions.
};

struct AccessResult {
    ResultKind kind = ResultKind::Dunno;
    int code = 0;          // Of Code.
    std::string_view text; // What follows the word; for Restrictions all of it.
};

AccessResult parse_access_result(std::string_view value);

// "5.7.1 some text" in its parts; `dsn` stays what it is when the text has none.
std::string_view split_dsn(std::string_view text, std::string_view& dsn);

// A status about addresses (X.1.Y) as it fits the subject: one about recipients becomes the one
// about senders and the reverse, and anything else the general X.0.0.
std::string fit_dsn(std::string_view dsn, Subject subject);

} // namespace smtpd
