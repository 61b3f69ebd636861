// SPDX-License-Identifier: Apache-2.0
// What the client side of SMTP and LMTP is told before it speaks: settings with Postfix's defaults,
// who the server is, and the stages of a conversation with their time limits and their names.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace smtp {

enum class Dialect : std::uint8_t { Smtp, Lmtp };

// Where a conversation is: what is being sent, or whose reply is waited for.
enum class ClientStage : std::uint8_t {
    Greeting,
    Ehlo,
    Helo,
    Lhlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Body,
    EndOfData,
    FinalRset,
    RsetProbe,
    Quit,
};

// Time limits of smtp_*_timeout. Each limits one command's sending, or one whole reply: a server
// that sends a byte now and then gains nothing. For content: each piece of at most
// client_piece_size bytes.
struct ClientTimeouts {
    base::Duration helo = std::chrono::seconds(300); // Greeting, EHLO, HELO, LHLO, AUTH.
    base::Duration starttls = std::chrono::seconds(300);
    base::Duration mail = std::chrono::seconds(300);
    base::Duration rcpt = std::chrono::seconds(300);
    base::Duration data_init = std::chrono::seconds(120);
    base::Duration data_xfer = std::chrono::seconds(180);
    base::Duration data_done = std::chrono::seconds(600);
    base::Duration rset = std::chrono::seconds(20);
    base::Duration quit = std::chrono::seconds(300);
};

struct StageInfo {
    std::string_view doing;   // "lost connection with H while <doing>"
    std::string_view command; // "(in reply to <command>)"
    base::Duration ClientTimeouts::*timeout;
};
const StageInfo& stage_info(ClientStage stage);

// Converted content is sent in pieces of about this size.
inline constexpr std::size_t client_piece_size = 64 * 1024;
// Content of more bytes than these is sent from the file without being read, where that is
// possible. Smaller content costs less when it is read and sent together with the dot.
inline constexpr std::size_t send_file_minimum = 16 * 1024;
// Bytes of commands sent before their replies are read (RFC 2920 section 3.1: neither side may
// block on a full send window for ever).
inline constexpr std::size_t pipeline_batch_limit = 8 * 1024;

struct ClientSettings {
    Dialect dialect = Dialect::Smtp;
    std::string helo_name;   // smtp_helo_name, lmtp_lhlo_name.
    std::string my_hostname; // For the detection of loops.
    bool always_send_ehlo = true;
    bool never_send_ehlo = false;
    bool skip_5xx_greeting = true; // A 5xx greeting only means: try another host.
    bool skip_quit_response = true;
    bool quote_envelope = true; // smtp_quote_rfc821_envelope
    bool disable_mime_output_conversion = false;
    bool smtputf8_enable = true;
    bool send_dummy_mail_auth = false;   // AUTH=<> in MAIL, in authenticated sessions.
    std::string discard_ehlo_keywords;   // As in main.cf: separated by commas or blanks.
    std::size_t line_length_limit = 998; // 0: no limit.
    std::size_t mime_nesting_limit = 100;
    std::size_t mime_boundary_length_limit = 2048;
    bool keep_record = false;          // Of what is said; see client_record.h.
    std::size_t reuse_count_limit = 0; // Messages per connection; 0: no limit.
    base::Duration reuse_time_limit = std::chrono::seconds(300);
    ClientTimeouts timeouts;

    base::Duration timeout(ClientStage stage) const
    {
        return timeouts.*(stage_info(stage).timeout);
    }
};

// The server, as log lines and notices name it. The caller fills in the texts.
struct RemoteServer {
    std::string host;         // "mx.example.com": Outcome::mta.
    std::string display;      // "mx.example.com[192.0.2.1]"
    std::string relay;        // "mx.example.com[192.0.2.1]:25": Outcome::relay.
    std::string nexthop;      // The destination whose mail goes there.
    bool best_mx = false;     // Nobody is better: if it turns out to be us, mail loops.
    bool detect_loops = true; // Whether our own name in its reply means anything.
};

} // namespace smtp
