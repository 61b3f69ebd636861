// SPDX-License-Identifier: Apache-2.0
// One message in a client conversation: see the header.
//
// The envelope is a row of commands: MAIL, each RCPT, DATA. They are sent in batches, of one
// command without PIPELINING and of pipeline_batch_limit bytes with it, and their replies read in
// the same order; so that both ways of speaking share all decisions (RFC 2920 section 3.1).
#include "lib/smtp/client_delivery.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/strings.h"

namespace smtp {
namespace {

using base::Task;

bool all_ascii(const ClientMessage& message)
{
    return base::is_ascii(message.envelope.sender) &&
           std::all_of(message.recipients.begin(), message.recipients.end(),
                       [](const mail::Recipient& r) { return base::is_ascii(r.address); });
}

} // namespace

ClientDelivery::ClientDelivery(const Parts& parts, const ClientMessage& message)
    : context_(parts.context), wire_(parts.wire), outcomes_(parts.outcomes),
      message_(message), style_{parts.capabilities, parts.context.settings.quote_envelope,
                                message.envelope.smtputf8 &&
                                    parts.capabilities.has(extension::smtputf8),
                                parts.authenticated && parts.context.settings.send_dummy_mail_auth},
      pipelining_(parts.capabilities.has(extension::pipelining)),
      downgrade_(message.facts.eight_bit && !parts.capabilities.has(extension::eight_bit_mime) &&
                 !parts.context.settings.disable_mime_output_conversion),
      raw_(!downgrade_ && message.facts.clean(parts.context.settings.line_length_limit)),
      states_(message.recipients.size(), RcptState::Pending),
      command_count_(message.recipients.size() + (message.content == nullptr ? 1 : 2)),
      pending_(message.recipients.size()), filter_(parts.context.settings.line_length_limit),
      mime_({parts.context.settings.mime_nesting_limit,
             parts.context.settings.mime_boundary_length_limit})
{
    report_.attempts.resize(message.recipients.size());
}

Task<void> ClientDelivery::run()
{
    refuse_bad_recipients();
    if (pending_ == 0 || refuse_beforehand())
        co_return;
    const bool spoken = co_await envelope();
    if (!spoken || !data_open_)
        co_return;
    if (accepted_ == 0) {
        co_await finish_without_recipients();
        co_return;
    }
    const bool sent = co_await content();
    if (sent)
        co_await final_replies();
}

// ---- Before anything is sent

void ClientDelivery::refuse_bad_recipients()
{
    for (std::size_t i = 0; i < states_.size(); ++i) {
        if (is_sendable_address(message_.recipients[i].address))
            continue;
        resolve(i, outcomes_.local("5.1.3", "bad recipient address syntax"));
        states_[i] = RcptState::Unsendable;
    }
}

// RFC 6531 3.2: asked for by the sender, and there is something that needs it.
bool ClientDelivery::needs_smtputf8() const
{
    return context_.settings.smtputf8_enable && message_.envelope.smtputf8 &&
           (message_.facts.eight_bit_headers || !all_ascii(message_));
}

bool ClientDelivery::refuse_beforehand()
{
    const Capabilities& offered = style_.capabilities;
    const std::string& host = context_.server.display;
    if (!is_sendable_address(message_.envelope.sender)) {
        resolve_all(outcomes_.local("5.1.7", "bad sender address syntax"));
        return true;
    }
    if (needs_smtputf8() && !offered.has(extension::smtputf8)) {
        resolve_all(outcomes_.local(
            "5.6.7", base::cat("SMTPUTF8 is required, but was not offered by host ", host)));
        return true;
    }
    if (offered.size_limit > 0 && message_.facts.size > offered.size_limit) {
        resolve_all(outcomes_.local("5.3.4", base::cat("message size ", message_.facts.size,
                                                       " exceeds size limit ", offered.size_limit,
                                                       " of server ", host)));
        return true;
    }
    return false;
}

// ---- The envelope

ClientStage ClientDelivery::stage_of(std::size_t command) const
{
    if (command == 0)
        return ClientStage::Mail;
    return command <= states_.size() ? ClientStage::Rcpt : ClientStage::Data;
}

bool ClientDelivery::skipped(std::size_t command) const
{
    return stage_of(command) == ClientStage::Rcpt && states_[command - 1] == RcptState::Unsendable;
}

bool ClientDelivery::worth_going_on() const
{
    const bool at_data = next_command_ > states_.size();
    return next_command_ < command_count_ && pending_ > 0 && !mail_refused_ && !wire_.dead() &&
           !(at_data && accepted_ == 0);
}

// False when the connection is of no further use.
Task<bool> ClientDelivery::envelope()
{
    if (wire_.dead()) {
        sent_commands_ = true;
        wire_failed(wire_.has_unread() ? WireStatus::Garbled : WireStatus::Lost, ClientStage::Mail);
        co_return false;
    }
    while (worth_going_on()) {
        const std::size_t first = next_command_;
        fill_batch();
        const WireStatus sent = co_await wire_.flush(stage_of(first));
        if (sent != WireStatus::Ok) {
            wire_failed(sent, stage_of(first));
            co_return false;
        }
        const bool well = co_await batch_replies(first);
        if (!well)
            co_return false;
    }
    co_return true;
}

// Takes the replies to the commands from `first` on.
Task<bool> ClientDelivery::batch_replies(std::size_t first)
{
    for (std::size_t command = first; command < next_command_; ++command) {
        if (skipped(command))
            continue;
        const ClientStage stage = stage_of(command);
        std::optional<WireStatus> status = wire_.buffered_reply(stage);
        if (!status)
            status = co_await wire_.receive_reply(stage);
        if (*status != WireStatus::Ok) {
            wire_failed(*status, stage);
            co_return false;
        }
        on_reply(command);
        if (wire_.dead())
            co_return false;
    }
    co_return true;
}

void ClientDelivery::fill_batch()
{
    sent_commands_ = true;
    while (next_command_ < command_count_) {
        if (!skipped(next_command_))
            append_command(next_command_);
        ++next_command_;
        const std::size_t size = wire_.out().size();
        if (size > 0 && (!pipelining_ || size >= pipeline_batch_limit))
            return;
    }
}

void ClientDelivery::append_command(std::size_t command)
{
    std::string& out = wire_.out();
    if (command == 0)
        append_mail_command(out, message_.envelope, message_.facts.size, style_);
    else if (command <= states_.size())
        append_rcpt_command(out, message_.recipients[command - 1], style_);
    else
        out += "DATA\r\n";
}

void ClientDelivery::on_reply(std::size_t command)
{
    answered_ = true;
    const ServerReply& reply = wire_.reply();
    if (reply.code == 421) {
        // The server goes away; nobody's mail went through, and waiting for the rest is vain.
        resolve_all(outcomes_.said(reply, stage_of(command)));
    } else if (command == 0) {
        mail_refused_ = reply.reply_class() != 2;
        transaction_open_ = !mail_refused_;
        if (mail_refused_)
            resolve_all(outcomes_.said(reply, ClientStage::Mail));
    } else if (command <= states_.size()) {
        on_rcpt_reply(command - 1);
    } else {
        on_data_reply();
    }
}

void ClientDelivery::on_rcpt_reply(std::size_t index)
{
    const ServerReply& reply = wire_.reply();
    const bool good = reply.reply_class() == 2;
    if (mail_refused_) {
        accepted_without_mail_ = accepted_without_mail_ || good;
    } else if (!good) {
        resolve(index, outcomes_.said(reply, ClientStage::Rcpt));
    } else if (message_.content == nullptr) {
        resolve(index, outcomes_.delivered(reply));
    } else {
        states_[index] = RcptState::Accepted;
        ++accepted_;
    }
}

void ClientDelivery::on_data_reply()
{
    const ServerReply& reply = wire_.reply();
    data_open_ = reply.reply_class() == 3;
    if (data_open_)
        return;
    // RFC 5321 4.2 knows no 2xx for DATA: we do not know what this server waits for now.
    if (reply.reply_class() == 2)
        wire_.kill();
    resolve_all(outcomes_.said(reply, ClientStage::Data));
}

// ---- The content

// DATA was sent together with recipients who were all refused, and the server took it nevertheless:
// a lone dot ends it (RFC 2920 section 3.1). Where the server has recipients that we do not count,
// or would not reply to the dot (LMTP), the connection is given up without a dot.
Task<void> ClientDelivery::finish_without_recipients()
{
    if (accepted_without_mail_ || context_.settings.dialect == Dialect::Lmtp) {
        wire_.kill();
        co_return;
    }
    co_await wire_.command(ClientStage::EndOfData, ".");
    transaction_open_ = true;
}

// Sends from a file all that goes out unchanged, in pieces with a deadline each; the last one with
// the dot is the caller's. False when the wire failed.
Task<bool> ClientDelivery::content_from_file(FileRegion region)
{
    while (region.size > 0) {
        const std::uint64_t size = std::min<std::uint64_t>(region.size, client_piece_size);
        const FileRegion piece{region.fd, region.offset, size};
        const WireStatus sent = co_await wire_.send_file(piece, ClientStage::Body);
        if (sent != WireStatus::Ok) {
            co_await body_failed(sent);
            co_return false;
        }
        region.offset += size;
        region.size -= size;
    }
    const ContentChunk end{{}, true};
    const WireStatus sent = co_await send_chunk(end);
    if (sent == WireStatus::Ok)
        co_return true;
    report_.may_be_duplicate = true;
    co_await body_failed(sent);
    co_return false;
}

// True when all was sent.
Task<bool> ClientDelivery::content()
{
    if (raw_ && wire_.sends_files() && message_.facts.size > send_file_minimum) {
        const std::optional<FileRegion> region = message_.content->region();
        if (region)
            co_return co_await content_from_file(*region);
    }
    for (bool last = false; !last;) {
        const base::Result<ContentChunk> chunk = co_await message_.content->next();
        if (!chunk) {
            // Without a dot the server drops what it has.
            wire_.kill();
            context_.log.warning("cannot read message content: ", chunk.error().text);
            resolve_all(outcomes_.broken(WireStatus::Ok, ClientStage::Body));
            co_return false;
        }
        last = chunk->last;
        if (!raw_ && !convert(*chunk))
            co_return false;
        const WireStatus sent = co_await send_chunk(*chunk);
        if (sent == WireStatus::Ok)
            continue;
        report_.may_be_duplicate = last;
        co_await body_failed(sent);
        co_return false;
    }
    report_.folded_lines = filter_.folded();
    co_return true;
}

Task<WireStatus> ClientDelivery::send_chunk(ContentChunk chunk)
{
    const ClientStage stage = chunk.last ? ClientStage::EndOfData : ClientStage::Body;
    if (raw_) {
        const std::array<std::string_view, 2> pieces = {chunk.bytes, chunk.last ? ".\r\n" : ""};
        co_return co_await wire_.send(pieces, stage);
    }
    if (wire_.out().size() < client_piece_size && !chunk.last)
        co_return WireStatus::Ok;
    co_return co_await wire_.flush(stage);
}

// Appends the wire form of `chunk` to the output. False, with all recipients resolved, when the
// content cannot be converted.
bool ClientDelivery::convert(ContentChunk chunk)
{
    std::string_view bytes = chunk.bytes;
    if (downgrade_) {
        converted_.clear();
        mime_.feed(bytes, converted_);
        if (chunk.last)
            mime_.finish(converted_);
        bytes = converted_;
    }
    if (!mime_.error().empty()) {
        wire_.kill();
        resolve_all(outcomes_.local("5.6.0", std::string(mime_.error())));
        return false;
    }
    filter_.feed(bytes, wire_.out());
    if (chunk.last)
        filter_.finish(wire_.out());
    return true;
}

// A server that stops reading has often said why (552, 554) before it closed.
Task<void> ClientDelivery::body_failed(WireStatus status)
{
    const ClientStage stage = wire_.stage();
    if (status == WireStatus::Lost) {
        const WireStatus heard = co_await wire_.receive_last_reply();
        const int said = wire_.reply().reply_class();
        if (heard == WireStatus::Ok && (said == 4 || said == 5)) {
            report_.may_be_duplicate = false;
            resolve_all(outcomes_.said(wire_.reply(), ClientStage::EndOfData));
            co_return;
        }
    }
    wire_failed(status, stage);
}

// SMTP: one reply for all. LMTP: one for each accepted recipient, in order (RFC 2033 section 4.2).
Task<void> ClientDelivery::final_replies()
{
    for (std::size_t i = 0; i < states_.size(); ++i) {
        if (states_[i] != RcptState::Accepted)
            continue;
        const WireStatus status = co_await wire_.receive_reply(ClientStage::EndOfData);
        if (status != WireStatus::Ok) {
            report_.may_be_duplicate = true;
            wire_failed(status, ClientStage::EndOfData);
            co_return;
        }
        const ServerReply& reply = wire_.reply();
        Attempt attempt = reply.reply_class() == 2 ? outcomes_.delivered(reply)
                                                   : outcomes_.said(reply, ClientStage::EndOfData);
        if (context_.settings.dialect == Dialect::Smtp || reply.code == 421) {
            resolve_all(std::move(attempt));
            break;
        }
        resolve(i, std::move(attempt));
    }
    transaction_open_ = false;
}

// ---- Results

void ClientDelivery::resolve(std::size_t index, Attempt attempt)
{
    report_.attempts[index] = std::move(attempt);
    states_[index] = RcptState::Resolved;
    --pending_;
}

void ClientDelivery::resolve_all(Attempt attempt)
{
    for (std::size_t i = 0; i < states_.size() && pending_ > 0; ++i) {
        if (states_[i] != RcptState::Pending && states_[i] != RcptState::Accepted)
            continue;
        if (pending_ == 1)
            return resolve(i, std::move(attempt));
        resolve(i, attempt);
    }
}

void ClientDelivery::wire_failed(WireStatus status, ClientStage stage)
{
    resolve_all(outcomes_.broken(status, stage));
}

} // namespace smtp
