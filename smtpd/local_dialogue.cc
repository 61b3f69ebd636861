// SPDX-License-Identifier: Apache-2.0
// The dialogue of a local user; see local_dialogue.h.
#include "smtpd/local_dialogue.h"

#include <algorithm>
#include <pwd.h>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/received.h"
#include "smtpd/stdio.h"

namespace smtpd {

using base::Result;
using base::Task;
using service::ExitStatus;

namespace {

class AllowAll final : public smtp::Policy {
public:
    explicit AllowAll(const CommandLists& commands) : commands_(commands) {}

    Task<smtp::Verdict> connect(const smtp::PolicyInput&) override { return pass(); }
    Task<smtp::Verdict> helo(const smtp::PolicyInput&) override { return pass(); }
    Task<smtp::Verdict> mail(const smtp::PolicyInput&) override { return pass(); }
    Task<smtp::Verdict> rcpt(const smtp::PolicyInput&) override { return pass(); }
    Task<smtp::Verdict> data(const smtp::PolicyInput&) override { return pass(); }
    Task<smtp::Verdict> end_of_data(const smtp::PolicyInput&) override { return pass(); }
    Task<smtp::Verdict> vrfy(const smtp::PolicyInput&) override { return pass(); }
    Task<smtp::Verdict> etrn(const smtp::PolicyInput&) override { return pass(); }

    Task<base::Result<std::optional<std::string>>> replacement(std::string_view line) override
    {
        return commands_.replacement(std::string(line));
    }
    Task<bool> ignores(std::string_view word) override
    {
        return commands_.ignores(std::string(word));
    }
    Task<bool> forbids(std::string_view word) override
    {
        return commands_.forbids(std::string(word));
    }

private:
    static Task<smtp::Verdict> pass() { co_return smtp::Verdict::pass(); }

    const CommandLists& commands_;
};

// What waits in the queue is asked for with postqueue.
class NoFlusher final : public smtp::SiteFlusher {
public:
    Task<smtp::FlushAnswer> flush_site(std::string_view) override
    {
        co_return smtp::FlushAnswer::NotAllowed;
    }
};

// Permanent only where another attempt cannot do better.
std::string reply_to(const submit::Handed& handed)
{
    if (handed.status == ExitStatus::NoPermission)
        return base::cat("550 5.7.0 ", handed.text);
    if (handed.status == ExitStatus::Data)
        return base::cat("552 5.3.4 ", handed.text);
    return "451 4.3.0 Error: queue file write error";
}

} // namespace

Task<Result<mail::QueueId>> PostdropSink::open(const mail::Envelope& envelope,
                                               std::string_view verp)
{
    auto postdrop = submit::Postdrop::start(common_.command_directory());
    if (!postdrop) {
        base::Log{}.warning(postdrop.error().text);
        co_return base::temporary("451 4.3.0 Error: queue file write error");
    }
    postdrop_.emplace(std::move(*postdrop));
    envelope_ = envelope;
    recipients_.clear();
    has_content_ = false;
    submit::Head head;
    head.sender = envelope.sender;
    head.dsn_envid = envelope.dsn_envid;
    head.dsn_return = envelope.dsn_return;
    head.body = envelope.body;
    head.smtputf8 = envelope.smtputf8;
    head.verp = verp;
    auto id = postdrop_->begin(head);
    if (id) {
        id_ = *id;
        co_return std::move(*id);
    }
    const std::string reply = reply_to(postdrop_->finish());
    co_return reply.starts_with('5') ? base::permanent(reply) : base::temporary(reply);
}

Task<Result<void>> PostdropSink::recipient(const mail::Recipient& recipient)
{
    postdrop_->recipient(recipient);
    if (recipients_.size() < 2)
        recipients_.push_back(mail::quote_address(recipient.address));
    co_return Result<void>{};
}

// There are no access rules whose actions could be meant.
Task<Result<void>> PostdropSink::apply(const smtp::AccessAction&)
{
    co_return Result<void>{};
}

std::string PostdropSink::trace_field() const
{
    mail::ReceivedInfo info{.client = envelope_.client,
                            .myhostname = common_.myhostname(),
                            .mail_name = common_.mail_name(),
                            .queue_id = id_,
                            .arrival = clock_.wall(),
                            .smtputf8 = envelope_.smtputf8};
    if (recipients_.size() == 1)
        info.recipient = recipients_.front();
    return mail::received_header(info);
}

// What is no header field must not become a part of ours; see Incoming::first_content of cleanup.
void PostdropSink::begin_content(std::string_view bytes)
{
    has_content_ = true;
    std::string front = trace_field();
    const auto text = bytes.substr(std::min(bytes.find_first_not_of('>'), bytes.size()));
    if (bytes.starts_with(' ') || bytes.starts_with('\t'))
        front += "\r\n";
    else if (text.starts_with("From "))
        front += "X-Mailbox-Line: ";
    (void)postdrop_->content(front);
}

// That postdrop does not take any more is told at the end, with the reason.
Task<Result<void>> PostdropSink::content(std::string_view bytes)
{
    if (!has_content_ && !bytes.empty())
        begin_content(bytes);
    (void)postdrop_->content(bytes);
    co_return Result<void>{};
}

Task<smtp::FinishResult> PostdropSink::finish()
{
    if (!has_content_)
        begin_content({});
    const submit::Handed handed = postdrop_->finish();
    postdrop_.reset();
    if (handed.ok())
        co_return smtp::FinishResult{};
    base::Log{}.warning(handed.text);
    co_return smtp::FinishResult{reply_to(handed)};
}

bool LocalDialogue::wanted(const service::Service& service)
{
    if (!service.stand_alone())
        return false;
    const passwd* owner = ::getpwnam(service.common().mail_owner().c_str());
    return owner == nullptr || owner->pw_uid != ::getuid();
}

LocalDialogue::LocalDialogue(service::Service& service, const config::SmtpdParams& params,
                             const config::VerpParams& verp)
    : service_(service), tables_({.loop = &service.loop()}), commands_(tables_, params),
      verp_clients_(tables_, {"smtpd_authorized_verp_clients", table::ListKind::Hosts, false},
                    params.authorized_verp_clients()),
      footer_(params.reject_footer(), service.common().myhostname(), service.clock()),
      session_settings_(session_settings(params, service.common(), verp)),
      driver_settings_(driver_settings(params))
{
    // At the other end is a program or a file with all it has to say, in lines of this host. No
    // relay stands between that could be deceived about where a message ends.
    session_settings_.error_sleep_time = {};
    session_settings_.forbid_unauth_pipelining = false;
    session_settings_.bare_newline = smtp::BareNewline::No;
    session_settings_.command_filter = commands_.filters();
    session_settings_.noop_commands = commands_.ignores_any();
    session_settings_.reject_footer = footer_.get();
}

Task<void> LocalDialogue::serve(service::Client client)
{
    auto with_socket = [this](base::Fd socket) { return serve_socket(std::move(socket)); };
    return serve_stdio(service_.loop(), std::move(client.fd), base::Fd{STDOUT_FILENO},
                       std::move(with_socket));
}

Task<void> LocalDialogue::serve_socket(base::Fd socket)
{
    net::Stream stream(service_.loop(), std::move(socket));
    mail::Client client;
    client.name = client.reverse_name = "localhost";
    client.address = "127.0.0.1";
    AllowAll policy(commands_);
    PostdropSink sink(service_.common(), service_.clock());
    NoFlusher flusher;
    smtp::ClientTraits traits;
    auto may_verp = co_await verp_clients_.match(client.name, client.address);
    traits.on_host = true;
    traits.may_verp = may_verp && *may_verp;
    smtp::ServerSession session(session_settings_, {policy, sink, flusher}, std::move(client),
                                traits);
    co_await drive(session, stream, driver_settings_);
}

} // namespace smtpd
