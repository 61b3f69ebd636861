// SPDX-License-Identifier: Apache-2.0
// The lower half of the client engine: see the header.
#include "lib/smtp/client_wire.h"

#include <utility>

#include "lib/base/strings.h"

namespace smtp {

using base::Task;

Task<WireStatus> ClientWire::flush(ClientStage stage)
{
    const std::array<std::string_view, 1> pieces = {out_};
    const WireStatus status = co_await send(pieces, stage);
    out_.clear();
    co_return status;
}

Task<WireStatus> ClientWire::send(std::span<const std::string_view> pieces, ClientStage stage)
{
    stage_ = stage;
    if (dead_)
        co_return WireStatus::Lost;
    if (record_ != nullptr)
        note_sent(pieces, stage);
    const base::Deadline deadline = context_.clock.after(context_.settings.timeout(stage));
    const WireStatus status = co_await context_.transport.send(pieces, deadline);
    co_return fail(status);
}

// Of content only its end is shown.
void ClientWire::note_sent(std::span<const std::string_view> pieces, ClientStage stage)
{
    if (stage == ClientStage::EndOfData)
        record_->sent(".");
    else if (stage != ClientStage::Body)
        for (std::string_view commands : pieces)
            record_->sent(commands);
}

Task<WireStatus> ClientTransport::send_file(FileRegion, base::Deadline)
{
    co_return WireStatus::Lost;
}

Task<WireStatus> ClientWire::send_file(FileRegion part, ClientStage stage)
{
    stage_ = stage;
    if (dead_)
        co_return WireStatus::Lost;
    const base::Deadline deadline = context_.clock.after(context_.settings.timeout(stage));
    const WireStatus status = co_await context_.transport.send_file(part, deadline);
    co_return fail(status);
}

Task<WireStatus> ClientWire::receive_reply(ClientStage stage)
{
    if (const std::optional<WireStatus> here = buffered_reply(stage))
        co_return *here;
    const base::Deadline deadline = context_.clock.after(context_.settings.timeout(stage));
    while (!parse_buffered()) {
        if (dead_)
            co_return WireStatus::Lost;
        const Received got = co_await context_.transport.receive(in_, deadline);
        begin_ = 0;
        end_ = got.status == WireStatus::Ok ? got.count : 0;
        if (got.status != WireStatus::Ok)
            co_return fail(got.status);
        if (got.count == 0)
            co_return fail(WireStatus::Lost);
    }
    co_return judge();
}

std::optional<WireStatus> ClientWire::buffered_reply(ClientStage stage)
{
    stage_ = stage;
    if (!std::exchange(reply_begun_, true))
        parser_.reset();
    if (!parse_buffered())
        return std::nullopt;
    return judge();
}

Task<WireStatus> ClientWire::receive_last_reply()
{
    dead_ = false;
    const WireStatus status = co_await receive_reply(ClientStage::FinalRset);
    dead_ = true;
    co_return status;
}

void ClientWire::trim()
{
    if (out_.capacity() > 2 * pipeline_batch_limit)
        std::string().swap(out_);
}

Task<WireStatus> ClientWire::command(ClientStage stage, std::string_view line)
{
    base::append(out_, line, "\r\n");
    const WireStatus sent = co_await flush(stage);
    if (sent != WireStatus::Ok)
        co_return sent;
    co_return co_await receive_reply(stage);
}

// True when the parser needs no more.
bool ClientWire::parse_buffered()
{
    const std::string_view bytes(in_.data() + begin_, end_ - begin_);
    const std::size_t taken = parser_.feed(bytes);
    if (record_ != nullptr)
        record_->received(bytes.substr(0, taken));
    begin_ += taken;
    return parser_.state() != ReplyParser::State::Reading;
}

WireStatus ClientWire::judge()
{
    reply_begun_ = false;
    if (parser_.garbage_lines() > 0)
        context_.log.warning("non-", context_.settings.dialect == Dialect::Lmtp ? "LMTP" : "ESMTP",
                             " response from ", context_.server.relay, ": ", parser_.garbage());
    const bool done = parser_.state() == ReplyParser::State::Done;
    if (record_ != nullptr && (parser_.garbage_lines() > 0 || !done))
        record_->garbled();
    if (!done)
        return fail(WireStatus::Garbled);
    if (reply().code == 421)
        dead_ = true; // RFC 5321 3.8: the server closes the channel.
    return WireStatus::Ok;
}

WireStatus ClientWire::fail(WireStatus status)
{
    if (status != WireStatus::Ok)
        dead_ = true;
    return status;
}

} // namespace smtp
