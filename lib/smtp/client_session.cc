// SPDX-License-Identifier: Apache-2.0
// The client's side of an SMTP or LMTP conversation: connection, greeting and end. What happens to
// one message is in client_delivery.cc.
#include "lib/smtp/client_session.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/smtp/client_delivery.h"

namespace smtp {

using base::Task;
using Failure = std::optional<Attempt>;

ClientSession::ClientSession(const ClientContext& context)
    : context_(context),
      record_(context.settings.keep_record ? std::make_unique<ClientRecord>() : nullptr),
      outcomes_(context.server, context.clock, record_.get()), wire_(context, record_.get()),
      opened_(context.clock.mono())
{
}

Task<Failure> ClientSession::open()
{
    const WireStatus status = co_await wire_.receive_reply(ClientStage::Greeting);
    if (status != WireStatus::Ok)
        co_return outcomes_.broken(status, ClientStage::Greeting);
    if (reply().reply_class() != 2)
        co_return outcomes_.refused(reply(), context_.settings.skip_5xx_greeting);

    const std::string banner = reply().one_line();
    const std::vector<std::string_view> words = base::split(banner, " \t");
    greeted_esmtp_ = std::any_of(words.begin(), words.end(),
                                 [](std::string_view w) { return base::iequals(w, "ESMTP"); });
    co_return co_await hello();
}

bool ClientSession::wants_ehlo() const
{
    const ClientSettings& settings = context_.settings;
    return !settings.never_send_ehlo && (settings.always_send_ehlo || greeted_esmtp_);
}

Task<Failure> ClientSession::hello()
{
    const bool lmtp = context_.settings.dialect == Dialect::Lmtp;
    const std::string& name = context_.settings.helo_name;
    capabilities_ = {};
    ready_ = false;
    if (lmtp || wants_ehlo()) {
        const ClientStage stage = lmtp ? ClientStage::Lhlo : ClientStage::Ehlo;
        const WireStatus status =
            co_await wire_.command(stage, base::cat(lmtp ? "LHLO " : "EHLO ", name));
        if (status != WireStatus::Ok)
            co_return outcomes_.broken(status, stage);
        if (reply().reply_class() == 2)
            co_return learn();
        if (lmtp || wire_.dead())
            co_return outcomes_.refused(reply(), false);
    }
    const WireStatus status = co_await wire_.command(ClientStage::Helo, base::cat("HELO ", name));
    if (status != WireStatus::Ok)
        co_return outcomes_.broken(status, ClientStage::Helo);
    if (reply().reply_class() != 2)
        co_return outcomes_.refused(reply(), false);
    ready_ = true;
    co_return std::nullopt;
}

// Takes in the reply to EHLO or LHLO.
Failure ClientSession::learn()
{
    const ClientSettings& settings = context_.settings;
    capabilities_ = parse_capabilities(reply(), settings.discard_ehlo_keywords);
    if (!capabilities_.bad_size.empty())
        context_.log.warning("bad EHLO SIZE limit \"", capabilities_.bad_size, "\" from ",
                             context_.server.relay);
    const bool silent =
        base::lower(settings.discard_ehlo_keywords).find("silent-discard") != std::string::npos;
    if (!capabilities_.discarded.empty() && !silent)
        context_.log.info("discarding EHLO keywords: ", capabilities_.discarded);

    ready_ = true;
    const std::string& own = settings.my_hostname;
    if (own.empty() || !context_.server.detect_loops ||
        !base::iequals(capabilities_.server_name, own))
        return std::nullopt;
    context_.log.warning("host ", context_.server.relay,
                         " replied to HELO/EHLO with my own hostname ", own);
    if (!context_.server.best_mx)
        return std::nullopt;
    ready_ = false;
    return outcomes_.local(
        "5.4.6", base::cat("mail for ", context_.server.nexthop, " loops back to myself"));
}

Task<Failure> ClientSession::start_tls()
{
    const WireStatus status = co_await wire_.command(ClientStage::StartTls, "STARTTLS");
    if (status != WireStatus::Ok)
        co_return outcomes_.broken(status, ClientStage::StartTls);
    if (reply().reply_class() != 2)
        co_return outcomes_.local("4.7.4",
                                  base::cat("TLS is required, but host ", context_.server.display,
                                            " refused to start TLS: ", reply().one_line()));
    if (wire_.has_unread()) {
        wire_.kill();
        co_return outcomes_.broken(WireStatus::Garbled, ClientStage::StartTls);
    }
    co_return std::nullopt;
}

Task<WireStatus> ClientSession::exchange(ClientStage stage, std::string_view line)
{
    co_return co_await wire_.command(stage, line);
}

Task<bool> ClientSession::clear_transaction()
{
    if (!transaction_open_)
        co_return true;
    co_return co_await probe();
}

Task<bool> ClientSession::probe()
{
    // Whatever came since the last reply, such as a 421, was not asked for.
    if (wire_.has_unread())
        wire_.kill();
    const WireStatus status = co_await wire_.command(ClientStage::RsetProbe, "RSET");
    const bool well = status == WireStatus::Ok && reply().reply_class() == 2;
    if (!well)
        wire_.kill();
    transaction_open_ = false;
    co_return well;
}

Task<DeliveryReport> ClientSession::deliver(const ClientMessage& message)
{
    const bool used_before = messages_ > 0;
    const bool cleared = co_await clear_transaction();
    if (!cleared || wire_.has_unread())
        wire_.kill();
    ++messages_;
    ClientDelivery delivery({context_, wire_, outcomes_, capabilities_, authenticated_}, message);
    co_await delivery.run();
    transaction_open_ = delivery.transaction_open();
    wire_.trim();
    DeliveryReport report = delivery.take_report();
    report.stale_connection = used_before && delivery.unanswered();
    co_return report;
}

Task<void> ClientSession::quit()
{
    if (wire_.dead())
        co_return;
    wire_.out() += "QUIT\r\n";
    const WireStatus sent = co_await wire_.flush(ClientStage::Quit);
    if (sent == WireStatus::Ok && !context_.settings.skip_quit_response)
        co_await wire_.receive_reply(ClientStage::Quit);
    wire_.kill();
}

bool ClientSession::reusable() const
{
    const ClientSettings& settings = context_.settings;
    const bool used_up = settings.reuse_count_limit > 0 && messages_ >= settings.reuse_count_limit;
    const bool too_old = context_.clock.mono() - opened_ >= settings.reuse_time_limit;
    return ready_ && !wire_.dead() && !wire_.has_unread() && !used_up && !too_old;
}

} // namespace smtp
