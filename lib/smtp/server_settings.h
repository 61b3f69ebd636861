// SPDX-License-Identifier: Apache-2.0
// What a server session is told by configuration. Each member names the parameter it comes from
// and has its default; one object serves all sessions of a process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/smtp/reject_footer.h"

namespace smtp {

// Keywords of the EHLO reply, as bits of smtpd_discard_ehlo_keywords.
namespace extension {
inline constexpr std::uint32_t pipelining = 1, size = 2, vrfy = 4, etrn = 8,
                               enhanced_status_codes = 16, eight_bit_mime = 32, dsn = 64,
                               smtputf8 = 128, chunking = 256, xverp = 512,
                               silent_discard = 1u << 31;
} // namespace extension

// The bit of a keyword in any case, or 0.
std::uint32_t extension_bit(std::string_view keyword);

enum class BareNewline : std::uint8_t { No, Normalize, Reject, Note };

struct ServerSettings {
    std::string hostname;                 // myhostname
    std::string banner;                   // smtpd_banner; empty: "$myhostname ESMTP Posthouse".
    std::size_t line_length_limit = 2048; // line_length_limit
    std::int64_t message_size_limit = 10'240'000;              // message_size_limit; 0 is no limit.
    std::uint32_t recipient_limit = 1000;                      // smtpd_recipient_limit
    std::uint32_t overshoot_limit = 1000;                      // smtpd_recipient_overshoot_limit
    std::uint32_t soft_error_limit = 10;                       // smtpd_soft_error_limit
    std::uint32_t hard_error_limit = 20;                       // smtpd_hard_error_limit
    std::uint32_t junk_command_limit = 100;                    // smtpd_junk_command_limit
    base::Duration error_sleep_time = std::chrono::seconds(1); // smtpd_error_sleep_time
    bool helo_required = false;                                // smtpd_helo_required
    bool soft_bounce = false;                                  // soft_bounce
    bool delay_reject = true;                                  // smtpd_delay_reject
    bool vrfy_disabled = false;                                // disable_vrfy_command
    bool strict_envelopes = false;                             // strict_rfc821_envelopes
    bool allow_dash = false;                                   // allow_min_user
    bool smtputf8 = true;                                      // smtputf8_enable
    bool strict_smtputf8 = false;                              // strict_smtputf8
    bool forbid_unauth_pipelining = true;                      // smtpd_forbid_unauth_pipelining
    BareNewline bare_newline = BareNewline::Normalize;         // smtpd_forbid_bare_newline
    std::uint16_t bare_newline_reject_code = 550; // smtpd_forbid_bare_newline_reject_code
    bool replace_stray_cr = true;                 // cleanup_replace_stray_cr_lf
    std::string verp_delimiters = "+=";           // default_verp_delimiters
    std::string verp_filter = "-=+";              // verp_delimiter_filter
    bool command_filter = false;                  // smtpd_command_filter: Policy::replacement is.
    bool noop_commands = false;                   // smtpd_noop_commands: Policy::ignores is asked.
    // smtpd_reject_footer, or none; it outlives the sessions.
    const RejectFooter* reject_footer = nullptr;
};

} // namespace smtp
