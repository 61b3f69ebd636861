// SPDX-License-Identifier: Apache-2.0
// The attributes of a pipe(8) service in master.cf: user=, flags=, ... and argv= last.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

#include "lib/base/result.h"
#include "lib/delivery/local_text.h"
#include "local/pipe/arguments.h"

namespace pipe_mail {

struct Attributes {
    std::string user;
    std::string group;      // Empty: the user's.
    std::string directory;  // Empty: the queue directory.
    std::string root;       // chroot=
    std::uint64_t size = 0; // Bytes of the largest message; 0: any.
    std::vector<std::string> argv;

    // flags=
    bool delivered_to = false;   // D
    bool from_line = false;      // F
    bool original_to = false;    // O
    bool return_path = false;    // R
    bool final_delivery = false; // X
    AddressStyle addresses;      // h, q, u, null_sender=
    delivery::TextRules text;    // B, ., >, eol=

    // Whether one delivery can be for one recipient only.
    bool single_recipient() const { return delivered_to || original_to; }
};

// Names may be in any case; those that come twice count as they came last. A permanent error says
// what is wrong.
base::Result<Attributes> parse_attributes(const std::vector<std::string>& words);

// C's escape sequences: \a \b \f \n \r \t \v, \ with up to three octal digits, and \ before any
// other character, which stands for itself.
std::string unescape(std::string_view text);

} // namespace pipe_mail
