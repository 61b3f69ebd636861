// SPDX-License-Identifier: Apache-2.0
// DATA (RFC 5321 4.1.1.4) and BDAT (RFC 3030): message content on its way to the sink. Once content
// has failed, the rest of it is read and dropped, and the reply waits for its end.
#include <algorithm>
#include <optional>

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/smtp/server_session_private.h"

namespace smtp {

using base::Task;

namespace {

// Content pieces smaller than this are gathered, larger ones go to the sink as they are.
constexpr std::size_t gather_below = 4096;
constexpr std::size_t scratch_limit = 65536;

// A refused chunk is read and dropped if it is at most this many times the message size limit.
constexpr std::uint64_t oversize_factor = 2;

constexpr std::string_view write_error = "451 4.3.0 Error: queue file write error";
constexpr std::string_view message_too_big = "552 5.3.4 Error: message file too big";
constexpr std::string_view chunk_too_big = "552 5.3.4 Chunk exceeds message size limit";

} // namespace

// Nothing more of this message is wanted: the sink drops it now.
void ServerSession::fail_content(Reply reply)
{
    Transaction& transaction = *transaction_;
    if (transaction.failure.empty())
        transaction.failure = std::move(reply);
    if (transaction.open)
        others_.sink.abandon();
    transaction.open = false;
    transaction.scratch = {};
}

Task<Reply> ServerSession::data(Command&)
{
    Reply refused = co_await decide("DATA", &Policy::data, {}, {});
    if (!refused.empty())
        co_return refused;
    reading_ = Reading::Dotted;
    co_return "354 End data with <CR><LF>.<CR><LF>";
}

Task<void> ServerSession::flush_scratch()
{
    Transaction& transaction = *transaction_;
    if (transaction.scratch.empty())
        co_return;
    base::Result<void> taken = co_await others_.sink.content(transaction.scratch);
    transaction.scratch.clear();
    if (!taken)
        fail_content(Reply(write_error));
}

// Hands content on, in order: small pieces are gathered, large ones pass uncopied.
Task<void> ServerSession::pass(std::string_view bytes)
{
    Transaction& transaction = *transaction_;
    transaction.content_size += static_cast<std::int64_t>(bytes.size());
    std::int64_t limit = settings_.message_size_limit;
    if (bytes.empty() || !transaction.failure.empty())
        co_return;
    if (limit > 0 && transaction.content_size > limit) {
        log_.warning(log_id(), ": queue file size limit exceeded");
        fail_content(Reply(message_too_big));
        co_return;
    }
    if (bytes.size() < gather_below) {
        transaction.scratch.append(bytes);
        if (transaction.scratch.size() >= scratch_limit)
            co_await flush_scratch();
        co_return;
    }
    co_await flush_scratch();
    if (!transaction.failure.empty())
        co_return;
    base::Result<void> taken = co_await others_.sink.content(bytes);
    if (!taken)
        fail_content(Reply(write_error));
}

// Takes as much of `input` as can be decided; returns how much.
Task<std::size_t> ServerSession::take_content(std::string_view input, bool& ended)
{
    ContentScanner& scanner = transaction_->scanner;
    std::size_t consumed = 0;
    while (consumed < input.size()) {
        ContentScanner::Span span = scanner.next(input.substr(consumed));
        consumed += span.consumed;
        ended = span.found == ContentScanner::Found::End;
        if (span.found != ContentScanner::Found::Text)
            break;
        co_await pass(span.text);
        co_await pass(span.suffix);
    }
    if (transaction_->failure.empty())
        co_await flush_scratch();
    co_return consumed;
}

Task<Step> ServerSession::on_dotted(std::string_view input)
{
    bool ended = false;
    std::size_t consumed = co_await take_content(input, ended);
    if (!ended) {
        Step more;
        more.consumed = consumed;
        co_return more;
    }
    Reply reply = co_await end_of_message(false);
    Step out = step(consumed, std::move(reply));
    finish_command(verbs[static_cast<std::size_t>(Verb::Data)], out.output);
    co_return out;
}

// RFC 3030 section 2: "BDAT" SP chunk-size [SP "LAST"].
static bool parse_bdat(std::string_view argument, std::uint64_t& size, bool& is_last)
{
    std::vector<std::string_view> words = base::split(argument, " \t");
    if (words.empty() || words.size() > 2)
        return false;
    // The signed type's range is ours: a chunk is never larger than a file.
    std::optional<std::int64_t> parsed = base::parse_int<std::int64_t>(words[0]);
    if (!parsed || *parsed < 0)
        return false;
    size = static_cast<std::uint64_t>(*parsed);
    is_last = words.size() == 2;
    return !is_last || base::iequals(words[1], "LAST");
}

// Why the content of this chunk is not wanted, or empty. The chunk is skipped in any case, so that
// its bytes are never read as commands.
Reply ServerSession::content_refusal(std::string_view stage, bool bare_lf)
{
    if (!bare_newline_refused(bare_lf))
        return {};
    log_event("reject", stage, "bare <LF> received", {});
    return bare_newline_reply();
}

Task<Reply> ServerSession::bdat(Command& command)
{
    std::uint64_t size = 0;
    bool is_last = false;
    closing_ = 1;
    if ((discarded() & extension::chunking) != 0)
        co_return "521 5.5.1 Error: command not implemented";
    if (!parse_bdat(command.argument, size, is_last)) {
        log_.warning(log_id(), ": malformed BDAT command syntax from ", client_.name_and_address(),
                     ": ", command.line.substr(0, 100));
        co_return "521 5.5.4 Syntax: BDAT count [LAST]";
    }
    closing_ = 0;
    if (!transaction_)
        transaction_ = std::make_unique<Transaction>(settings_.replace_stray_cr, traits_.on_host);
    Transaction& transaction = *transaction_;
    bool first = state_ != State::Chunks && state_ != State::Orphan;
    if (first)
        transaction.scanner =
            ContentScanner(ContentScanner::Form::Chunk, settings_.replace_stray_cr);
    transaction.chunk_size = transaction.chunk_left = size;
    transaction.chunk_last = is_last;
    transaction.chunk_skipped = !transaction.failure.empty();
    Reply refused;
    if (transaction.chunk_skipped)
        refused = transaction.failure;
    else if (size == 0 && !is_last)
        refused = "551 5.7.1 Null BDAT request";
    else if (state_ == State::Start || state_ == State::Ready)
        refused = "503 5.5.1 Error: need RCPT command";
    else if (state_ == State::Mail)
        refused = "554 5.5.1 Error: no valid recipients";
    if (refused.starts_with("551 5.7.1") && !transaction.chunk_skipped)
        log_.warning(log_id(), ": null BDAT request from ", client_.name_and_address());
    if (refused.empty() && first)
        refused = co_await decide("DATA", &Policy::data, {}, {});
    std::uint64_t room = static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, settings_.message_size_limit - transaction.content_size));
    if (refused.empty() && settings_.message_size_limit > 0 && size > room) {
        log_.warning(log_id(), ": BDAT request from ", client_.name_and_address(),
                     " exceeds message size limit");
        refused = chunk_too_big;
        // Far too big: not even worth reading to its end (BDAT-03).
        closing_ =
            size > oversize_factor * static_cast<std::uint64_t>(settings_.message_size_limit);
    }
    if (!refused.empty())
        fail_content(std::move(refused));
    state_ = transaction.mail_seen ? State::Chunks : State::Orphan;
    if (closing_)
        co_return transaction.failure;
    reading_ = Reading::Chunk;
    if (size > 0)
        co_return Reply{};
    co_return co_await end_of_chunk();
}

Task<Step> ServerSession::on_chunk(std::string_view input)
{
    Transaction& transaction = *transaction_;
    std::string_view chunk = input.substr(0, transaction.chunk_left);
    if (transaction.failure.empty()) {
        bool ended = false;
        std::size_t consumed = co_await take_content(chunk, ended);
        chunk = chunk.substr(0, consumed);
    }
    transaction.chunk_left -= chunk.size();
    if (transaction.chunk_left > 0) {
        Step more;
        more.consumed = chunk.size();
        co_return more;
    }
    Reply reply = co_await end_of_chunk();
    Step out = step(chunk.size(), std::move(reply));
    finish_command(verbs[static_cast<std::size_t>(Verb::Bdat)], out.output);
    co_return out;
}

// The chunk is read: reply to it, and end the message with the last one.
Task<Reply> ServerSession::end_of_chunk()
{
    Transaction& transaction = *transaction_;
    reading_ = Reading::Commands;
    if (transaction.failure.empty()) {
        Reply refused = content_refusal(transaction.chunk_last ? "END-OF-MESSAGE" : "BDAT content",
                                        transaction.scanner.saw_bare_lf());
        if (!refused.empty())
            fail_content(std::move(refused));
    }
    Reply reply = transaction.failure;
    if (transaction.chunk_skipped)
        reply =
            base::cat("551 5.0.0 Discarded ", transaction.chunk_size, " bytes after earlier error");
    if (!reply.empty()) {
        if (transaction.chunk_last)
            reset_transaction();
        co_return reply;
    }
    if (!transaction.chunk_last)
        co_return base::cat("250 2.0.0 Ok: ", transaction.chunk_size, " bytes");
    co_await pass(transaction.scanner.finish());
    if (transaction.failure.empty())
        co_await flush_scratch();
    reply = co_await end_of_message(true);
    co_return reply;
}

Reply ServerSession::queued_reply(bool chunked) const
{
    const Transaction& transaction = *transaction_;
    if (chunked)
        return base::cat("250 2.0.0 Ok: ", transaction.content_size, " bytes queued as ",
                         transaction.queue_id);
    return base::cat("250 2.0.0 Ok: queued as ", transaction.queue_id);
}

// All content is there. Whatever comes of it, the transaction is over afterwards (STATE-01).
Task<Reply> ServerSession::end_of_message(bool chunked)
{
    where_ = "END-OF-MESSAGE";
    reading_ = Reading::Commands;
    Transaction& transaction = *transaction_;
    noted_bare_lf_ |= transaction.scanner.saw_bare_lf();
    Reply reply = transaction.failure;
    if (reply.empty() && !chunked)
        reply = content_refusal(where_, transaction.scanner.saw_bare_lf());
    if (reply.empty())
        reply = co_await decide(where_, &Policy::end_of_data, {}, {});
    if (reply.empty()) {
        FinishResult result = co_await others_.sink.finish();
        transaction.open = false;
        if (!result.reply.empty())
            reply = sanitize_reply(result.reply, write_error);
    }
    if (reply.empty()) {
        reply = queued_reply(chunked);
        errors_ = 0;
        junk_ = 0;
    }
    reset_transaction();
    co_return reply;
}

} // namespace smtp
