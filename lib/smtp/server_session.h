// SPDX-License-Identifier: Apache-2.0
// The SMTP server dialogue (RFC 5321 and extensions) as a machine without wires. The driver moves
// bytes: it calls connected() once, then on_input() with everything it has received and not yet
// seen consumed, writes what comes back, and tells when the client is lost or late. Replies,
// states, limits and log lines are here; decisions and storage are the collaborators'.
//
// One call at a time. The session holds no input: a step that consumes nothing and replies nothing
// wants more bytes. The driver must be able to hold line_length_limit + 2 bytes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/log.h"
#include "lib/smtp/collaborators.h"
#include "lib/smtp/server_settings.h"

namespace smtp {

// What the driver does next: drop `consumed` bytes of input, wait `delay`, send `output` (may be
// empty; complete lines with CRLF), then close if told so.
struct Step {
    std::size_t consumed = 0;
    std::string output;
    base::Duration delay{};
    bool close = false;
};

// Commands as the log counts them, in the order of the disconnect line.
enum class Verb : std::uint8_t {
    Helo,
    Ehlo,
    Xclient,
    Xforward,
    Starttls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Vrfy,
    Etrn,
    Expn,
    Quit,
    Help,
    Unknown,
};
inline constexpr std::size_t verb_count = static_cast<std::size_t>(Verb::Unknown) + 1;

enum class State : std::uint8_t {
    Start,  // No HELO or EHLO yet.
    Ready,  // Greeted; no transaction.
    Mail,   // MAIL accepted, no recipient.
    Rcpt,   // At least one recipient accepted.
    Chunks, // In a transaction after BDAT.
    Orphan, // BDAT came without MAIL: chunks are skipped until LAST or RSET.
};
inline constexpr std::size_t state_count = static_cast<std::size_t>(State::Orphan) + 1;

// Borrowed for the life of the session.
struct ServerCollaborators {
    Policy& policy;
    MessageSink& sink;
    SiteFlusher& flusher;
};

// What is true of one client only.
struct ClientTraits {
    std::uint32_t discard = 0;        // extension:: bits not offered to this client.
    bool bare_newline_exempt = false; // smtpd_forbid_bare_newline_exclusions
    bool may_verp = false;            // smtpd_authorized_verp_clients
    bool on_host = false;             // sendmail -bs: it may pipeline, and end its lines with LF.
};

class ServerSession {
public:
    ServerSession(const ServerSettings& settings, ServerCollaborators others, mail::Client client,
                  ClientTraits traits);
    ServerSession(const ServerSession&) = delete;
    ServerSession& operator=(const ServerSession&) = delete;
    ~ServerSession(); // Abandons an unfinished message.

    // Greets. `early` is what the client sent before it was greeted.
    base::Task<Step> connected(std::string_view early);

    // Handles at most one command, or a stretch of content. `input` lives until the task ends.
    base::Task<Step> on_input(std::string_view input);

    // The client closed or reset the connection; it was silent too long, or used up a deadline.
    // Both write the log; the caller then calls disconnected(). timed_out() returns the last words.
    void lost();
    std::string timed_out();

    // The last event: writes the line with the counters, and abandons an unfinished message.
    void disconnected();

    State state() const { return state_; }
    bool in_content() const { return reading_ != Reading::Commands; }
    const mail::Client& client() const { return client_; }
    const std::string& queue_id() const;

private:
    enum class Reading : std::uint8_t { Commands, LongLine, Dotted, Chunk };
    struct Command;
    struct VerbRow;
    struct Transaction;
    using Handler = base::Task<Reply> (ServerSession::*)(Command&);
    using Decision = base::Task<Verdict> (Policy::*)(const PolicyInput&);
    struct Count {
        std::uint32_t good = 0;
        std::uint32_t all = 0;
    };
    static const std::array<VerbRow, verb_count> verbs;

    // server_session.cc: lines in, replies out.
    base::Task<Step> on_line(std::string_view line, std::string_view rest);
    base::Task<Step> skip_long_line(std::string_view input);
    base::Task<bool> filter_line(std::string_view& line, std::string& room);
    base::Task<Reply> dispatch(Command& command);
    std::string_view refusal_of_line(std::string_view line) const;
    static const VerbRow& find_verb(std::string_view word);
    Step ignore_command(std::size_t consumed);
    void end_if_hopeless(Step& out);
    bool pipelined_badly(const VerbRow& row, std::string_view rest) const;
    void finish_command(const VerbRow& row, std::string_view reply);
    Step step(std::size_t consumed, Reply reply);
    void add_reply(Step& out, std::string_view reply);
    bool bare_newline_refused(bool bare_lf) const;
    Reply bare_newline_reply() const;
    void reset_transaction();

    // server_verbs.cc
    base::Task<Reply> helo(Command& command);
    base::Task<Reply> ehlo(Command& command);
    base::Task<Reply> rset(Command& command);
    base::Task<Reply> noop(Command& command);
    base::Task<Reply> vrfy(Command& command);
    base::Task<Reply> etrn(Command& command);
    base::Task<Reply> quit(Command& command);
    base::Task<Reply> help(Command& command);
    base::Task<Reply> refuse(Command& command);
    base::Task<Reply> greet_by_name(Command& command, std::string_view protocol);
    Reply ehlo_reply() const;
    std::uint32_t discarded() const;

    // server_mail.cc
    base::Task<Reply> mail(Command& command);
    base::Task<Reply> rcpt(Command& command);
    Reply mail_option(Transaction& next, std::string_view option) const;
    Reply verp_option(Transaction& next, std::string_view option) const;
    Reply rcpt_option(mail::Recipient& recipient, std::string_view option) const;
    Reply address_refusal(std::string_view path, Verb verb, std::string& address) const;
    base::Task<Reply> delayed_decisions(std::string_view recipient);
    base::Task<Reply> take_recipient(const mail::Recipient& recipient);
    base::Task<Reply> open_message();
    base::Task<Reply> decide(std::string_view stage, Decision decision, std::string_view recipient,
                             std::string_view domain);
    base::Task<Reply> act_on(const Verdict& verdict, std::string_view stage,
                             std::string_view recipient);

    // server_data.cc
    base::Task<Reply> data(Command& command);
    base::Task<Reply> bdat(Command& command);
    base::Task<Step> on_dotted(std::string_view input);
    base::Task<Step> on_chunk(std::string_view input);
    base::Task<std::size_t> take_content(std::string_view input, bool& ended);
    base::Task<void> pass(std::string_view bytes);
    base::Task<void> flush_scratch();
    base::Task<Reply> end_of_chunk();
    base::Task<Reply> end_of_message(bool chunked);
    Reply content_refusal(std::string_view stage, bool bare_lf);
    void fail_content(Reply reply);
    Reply queued_reply(bool chunked) const;

    // server_log.cc
    std::string log_id() const;
    void log_event(std::string_view event, std::string_view stage, std::string_view text,
                   std::string_view recipient) const;
    void log_end(std::string_view reason, bool is_loss) const;
    void log_pipelining(std::string_view after, std::string_view rest) const;

    const ServerSettings& settings_;
    ServerCollaborators others_;
    base::Log log_;
    mail::Client client_;
    std::unique_ptr<Transaction> transaction_; // Replaced whole on reset.
    std::array<Count, verb_count> counts_{};
    std::string_view where_ = "CONNECT"; // Static; the stage that log lines name.
    ClientTraits traits_;
    std::uint64_t skipped_ = 0; // Bytes of an overlong line.
    std::uint32_t errors_ = 0;
    std::uint32_t junk_ = 0;
    std::uint32_t pipelining_logged_ : 1 = 0;
    std::uint32_t pipelined_ : 1 = 0; // The command at hand came with more, which it must not.
    std::uint32_t noted_bare_lf_ : 1 = 0;
    std::uint32_t denied_ : 1 = 0;  // Refused at connect: only QUIT is heard.
    std::uint32_t closing_ : 1 = 0; // The reply at hand is the last.
    State state_ = State::Start;
    Reading reading_ = Reading::Commands;
};

} // namespace smtp
