// SPDX-License-Identifier: Apache-2.0
// xtext (RFC 3461 section 4): the encoding of ENVID=, ORCPT= and AUTH= values, and the check of
// "type;value" recipients (RFC 3461 section 4.2).
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace mail {

// Encodes everything that is not printable ASCII, and '+' and '='.
std::string encode_xtext(std::string_view text);

// Fails on a '+' without two upper-case hexadecimal digits, on bytes that xtext does not allow, and
// on encoded NUL, CR and LF, which must reach no file, header or log.
base::Result<std::string> decode_xtext(std::string_view text);

// RFC 6533 section 3: an address of type utf-8 as it stands where UTF-8 may: characters that were
// written as "\x{HEX}" are themselves. What is no such character, or a control character, stays.
std::string decode_embedded_unicode(std::string_view text);

// True when `text` is "type;value" with an atom as type; the value may be empty.
bool is_typed_recipient(std::string_view text);

} // namespace mail
