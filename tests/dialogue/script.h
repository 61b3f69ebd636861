// SPDX-License-Identifier: Apache-2.0
// The language of .smtp files: one step a line. Both the in-process runner and one that speaks to a
// live server read it.
//
//   # comment, blank line          ignored
//   config NAME=VALUE              before the first exchange
//   fake WHAT ARGUMENTS            sets up a stand-in; in-process only
//   C: TEXT                        the client sends TEXT and CRLF; consecutive C: lines and raw
//                                  lines are one write
//   raw TEXT                       sends TEXT with \r \n \t \0 \\ \xHH, and {N*TEXT} repeated
//   S: PREFIX                      the next reply line begins with PREFIX
//   S~ REGEX                       the next reply line matches
//   S* PREFIX                      all lines to the end of one reply; the last begins with PREFIX
//   wait 10s                       moves the clock; live: sleeps
//   close                          the client closes the connection
//   timeout                        the server's time for the client is over
//   expect log TEXT                some log line contains TEXT; `expect no log TEXT`
//   expect queue N|empty           messages queued so far
//   expect content TEXT            of the last message, escaped as raw
//   expect sender A, expect rcpt A[,B]
//   expect action NAME[ VALUE]     of the last message
//   expect delay 1s                the pauses asked for since the last `expect delay`
//   expect closed, expect open     the server has, has not, closed the connection
//   expect silence                 no reply line is waiting
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace dialogue {

enum class Kind {
    Config,
    Fake,
    Send,
    ReplyPrefix,
    ReplyRegex,
    ReplyLast,
    Wait,
    Close,
    Timeout,
    Expect
};

struct ScriptStep {
    Kind kind = Kind::Send;
    std::string text; // For Send: the bytes. For others: what follows the keyword.
    int line = 0;
};

base::Result<std::vector<ScriptStep>> parse_script(std::string_view text);
base::Result<std::string> unescape(std::string_view text);

} // namespace dialogue
