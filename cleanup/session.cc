// SPDX-License-Identifier: Apache-2.0
// Taking in messages; see session.h.
#include "cleanup/session.h"

#include "lib/base/strings.h"
#include "lib/mail/date.h"
#include "lib/mail/message_id.h"
#include "lib/mail/received.h"

namespace cleanup {

using base::Result;
using base::Task;
using ipc::cleanup::Finished;
using ipc::cleanup::Verdict;

namespace {

const Finished too_big{Verdict::Permanent, 552, "5.3.4", "Error: message file too big"};
const Finished too_many_hops{Verdict::Permanent, 554, "5.4.0", "Error: too many hops"};
const Finished no_recipients{Verdict::Permanent, 550, "5.1.0", "Error: no recipients specified"};
const Finished write_error{Verdict::Temporary, 451, "4.3.0", "Error: queue file write error"};

} // namespace

Session::Incoming::Incoming(queue::MessageWriter file, const config::CleanupParams& params)
    : writer(std::move(file)), log(writer.id() + ": "), headers(params.message_drop_headers()),
      splitter(static_cast<std::size_t>(params.header_size_limit()))
{
}

bool Session::permits(std::string_view name) const
{
    if (name == ipc::cleanup::Open::name)
        return in_ == nullptr;
    return in_ != nullptr || name == ipc::cleanup::Abandon::name;
}

Task<Result<ipc::cleanup::Opened>> Session::on(ipc::cleanup::Open open)
{
    queue::MessageWriter::Options options;
    options.long_ids = shared_.params.enable_long_queue_ids();
    options.size_limit = static_cast<std::uint64_t>(shared_.params.message_size_limit());
    options.minfree = static_cast<std::uint64_t>(shared_.params.queue_minfree());
    auto writer = queue::MessageWriter::begin(shared_.directories, open.envelope.arrival, options);
    if (!writer) {
        base::Log{}.warning("create file incoming: ", writer.error().text);
        co_return writer.error();
    }
    in_ = std::make_unique<Incoming>(std::move(*writer), shared_.params);
    in_->message.envelope = std::move(open.envelope);
    in_->options = open.options;
    co_return ipc::cleanup::Opened{in_->writer.id()};
}

Task<Result<void>> Session::on(ipc::cleanup::Recipient given)
{
    auto& recipient = given.recipient;
    auto limit = static_cast<std::size_t>(shared_.params.duplicate_filter_limit());
    std::string key = base::lower(recipient.address) + '\n' + recipient.original;
    bool remember = limit == 0 || in_->seen.size() < limit;
    bool duplicate = remember ? !in_->seen.insert(std::move(key)).second : in_->seen.count(key) > 0;
    if (!duplicate)
        in_->message.recipients.push_back(std::move(recipient));
    co_return Result<void>{};
}

Task<Result<void>> Session::on(ipc::cleanup::Action given)
{
    const auto& [key, value] = given.action;
    if (key == "prepend")
        base::append(in_->prepend, value, "\r\n");
    else if (key == "discard")
        in_->discard = true;
    else if (key == "hold")
        in_->target = queue::Queue::Hold;
    else if (key == "redirect")
        in_->message.recipients = {{value, value, {}, 0}};
    else if (key == "bcc")
        in_->message.recipients.push_back({value, value, {}, mail::notify::never});
    else if (key == "filter")
        in_->message.attributes.push_back({std::string(queue::attribute::content_filter), value});
    else
        co_return base::permanent(base::cat("unknown action ", key));
    co_return Result<void>{};
}

void Session::fail(Incoming& in, Finished why)
{
    if (!in.failure)
        in.failure = std::move(why);
}

void Session::append(Incoming& in, std::string_view bytes)
{
    if (in.failure)
        return;
    auto written = in.writer.append(bytes);
    if (written)
        return;
    if (!written.error().temporary())
        return fail(in, too_big);
    in.log.warning("queue file write error: ", written.error().text);
    fail(in, write_error);
}

void Session::start(Incoming& in)
{
    in.started = true;
    append(in, in.prepend);
    if ((in.options & ipc::cleanup::option::internal) != 0)
        return; // Our own notices bring their own Received field.
    mail::ReceivedInfo info{.client = in.message.envelope.client,
                            .myhostname = shared_.common.myhostname(),
                            .mail_name = shared_.common.mail_name(),
                            .queue_id = in.writer.id(),
                            .arrival = in.message.envelope.arrival,
                            .smtputf8 = in.message.envelope.smtputf8,
                            .recipient = {},
                            .login = {}};
    if (in.message.recipients.size() == 1)
        info.recipient = in.message.recipients.front().original;
    append(in, mail::received_header(info));
}

std::string Session::missing_fields(Incoming& in) const
{
    bool wanted = (in.options & ipc::cleanup::option::local_rewrite) != 0 ||
                  shared_.params.always_add_missing_headers();
    std::string out;
    if (!wanted)
        return out;
    const auto& envelope = in.message.envelope;
    std::string prefix = in.headers.resent() ? "Resent-" : "";
    if (!in.headers.has_message_id()) {
        std::string id =
            mail::make_message_id(envelope.arrival, in.writer.id(), shared_.common.myhostname());
        base::append(out, prefix, "Message-Id: ", id, "\r\n");
        in.log.info(in.headers.resent() ? "resent-" : "", "message-id=", id);
    }
    if (!in.headers.has_date())
        base::append(out, prefix, "Date: ", mail::header_date(envelope.arrival), "\r\n");
    if (!in.headers.has_from())
        base::append(out, prefix, "From: ",
                     envelope.sender.empty() ? "MAILER-DAEMON (Mail Delivery System)"
                                             : std::string_view(envelope.sender),
                     "\r\n");
    const auto& undisclosed = shared_.params.undisclosed_recipients_header();
    if (!in.headers.has_recipient_field() && !undisclosed.empty())
        base::append(out, undisclosed, "\r\n");
    return out;
}

void Session::end_header(Incoming& in)
{
    in.header_ended = true;
    if (in.headers.has_message_id() || in.headers.message_id_is_resent())
        in.log.info(in.headers.message_id_is_resent() ? "resent-message-id=" : "message-id=",
                    in.headers.message_id());
    std::string added = missing_fields(in);
    if (!in.headers.has_message_id() && added.find("Message-Id: ") == std::string::npos)
        in.log.info("message-id=<>");
    append(in, added);
    if (static_cast<std::int64_t>(in.headers.received_count()) >= shared_.params.hopcount_limit())
        fail(in, too_many_hops);
}

void Session::take_content(Incoming& in, std::string_view bytes)
{
    if (!in.started)
        start(in);
    if (in.header_ended)
        return append(in, bytes);
    std::size_t taken = in.splitter.feed(bytes, in.headers);
    append(in, in.headers.take());
    if (!in.splitter.in_body())
        return;
    end_header(in);
    append(in, "\r\n");
    append(in, in.splitter.held_body());
    append(in, bytes.substr(taken));
}

Task<Result<void>> Session::on(ipc::cleanup::Content content)
{
    if (content.bytes.size() > ipc::cleanup::content_limit)
        co_return base::permanent("content frame too large");
    if (!in_->discard)
        take_content(*in_, content.bytes);
    co_return Result<void>{};
}

Task<Finished> Session::store(Incoming& in)
{
    auto named = in.writer.finish(std::move(in.message), in.target);
    if (!named) {
        in.log.warning("queue file write error: ", named.error().text);
        co_return write_error;
    }
    auto safe = co_await shared_.committer.commit(std::move(*named));
    if (!safe) {
        in.log.warning("queue file write error: ", safe.error().text);
        co_return write_error;
    }
    if (in.target == queue::Queue::Incoming)
        shared_.qmgr.arrived(in.writer.id());
    co_return Finished{Verdict::Ok, 250, "2.0.0", {}};
}

Task<Result<Finished>> Session::on(ipc::cleanup::Finish)
{
    auto in = std::move(in_);
    if (in->discard)
        co_return Finished{Verdict::Ok, 250, "2.0.0", {}};
    if (!in->started)
        start(*in);
    if (!in->header_ended) {
        in->splitter.finish(in->headers);
        append(*in, in->headers.take());
        end_header(*in);
    }
    if (in->message.recipients.empty())
        fail(*in, no_recipients);
    if (in->failure)
        co_return *in->failure;
    co_return co_await store(*in);
}

Task<Result<void>> Session::on(ipc::cleanup::Abandon)
{
    in_.reset();
    co_return Result<void>{};
}

} // namespace cleanup
