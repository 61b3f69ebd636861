// SPDX-License-Identifier: Apache-2.0
// What the parts of the server session share: the verb table's row, a command being handled, and
// the transaction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/smtp/content_scanner.h"
#include "lib/smtp/server_session.h"

namespace smtp {

struct ServerSession::Command {
    std::string_view line;     // Without line end; the driver's.
    std::string_view argument; // What follows the verb, trimmed.
    Verb verb = Verb::Unknown;
};

// Flags of a verb.
namespace verb_flag {
inline constexpr unsigned last = 1;        // RFC 2920 3.1: nothing may be pipelined after it.
inline constexpr unsigned junk = 2;        // Counts against smtpd_junk_command_limit.
inline constexpr unsigned no_argument = 4; // 501 when there is one.
inline constexpr unsigned after_helo = 8;  // Refused in Start only if smtpd_helo_required.
inline constexpr unsigned hidden = 16;     // Not in HELP: not supported.
} // namespace verb_flag

// One verb: what it is called, what handles it, and in which states it is refused, and how.
struct ServerSession::VerbRow {
    std::string_view name;
    Handler handler = nullptr;
    unsigned flags = 0;
    std::string_view unsupported{}; // The only reply there is, for verbs not supported.
    std::array<std::string_view, state_count> refusals{}; // By state; empty: allowed.
};

struct ServerSession::Transaction {
    Transaction(bool replace_cr, bool lf_lines)
        : scanner(ContentScanner::Form::Dotted, replace_cr, lf_lines)
    {
    }

    mail::Envelope envelope;
    mail::QueueId queue_id; // Empty until the sink is open.
    std::string recipient;  // While there is just one.
    std::uint32_t recipients = 0;
    std::uint32_t overshoot = 0;       // Recipients refused for their number.
    std::vector<AccessAction> waiting; // Actions from before the sink was open.
    bool open = false;                 // The sink has a message of ours.
    bool mail_seen = false;            // False for chunks that came without MAIL.
    bool dsn_return_seen = false;
    bool envid_seen = false;
    std::string verp; // The delimiters that XVERP names; empty without it.

    ContentScanner scanner;
    std::string scratch; // Small pieces on their way to the sink.
    std::int64_t content_size = 0;
    std::uint64_t chunk_size = 0; // Of the chunk at hand.
    std::uint64_t chunk_left = 0;
    bool chunk_last = false;
    bool chunk_skipped = false; // The chunk at hand came after an error.
    Reply failure;              // The reply that content gets at its end, or empty.
};

} // namespace smtp
