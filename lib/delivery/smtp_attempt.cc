// SPDX-License-Identifier: Apache-2.0
// One delivery of the SMTP or LMTP client; see smtp_attempt.h.
#include "lib/delivery/smtp_attempt.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/config/notify_class.h"
#include "lib/delivery/content.h"
#include "lib/net/socket.h"

namespace delivery {

using base::Task;
using ipc::delivery::Health;

namespace {

// Another port is another mail system, even on this host.
constexpr std::uint16_t smtp_port = 25;

smtp::RemoteServer remote_server(const Destination& destination, const Host& host)
{
    smtp::RemoteServer server;
    server.host = host.name;
    server.display = base::cat(host.name, "[", host.address.host(), "]");
    server.relay = base::cat(server.display, ":", host.address.port());
    server.nexthop = destination.host;
    server.best_mx = host.best;
    server.detect_loops = host.address.port() == smtp_port;
    return server;
}

std::string endpoint_of(const Host& host)
{
    return base::cat("[", host.address.host(), "]:", host.address.port());
}

mail::Outcome outcome_of(const Trouble& trouble)
{
    mail::Outcome outcome;
    outcome.status = trouble.temporary() ? mail::Status::Deferred : mail::Status::Bounced;
    outcome.dsn = trouble.dsn;
    outcome.text = trouble.text;
    return outcome;
}

} // namespace

SmtpAttempt::SmtpAttempt(const SmtpParts& parts, Delivery& delivery)
    : parts_(parts), delivery_(delivery),
      limit_(parts.loop.clock().after(parts.settings.delivery_time)),
      pending_(delivery.recipients())
{
}

Task<void> SmtpAttempt::run()
{
    const std::string& next_hop = delivery_.request().next_hop;
    for (std::string_view text : split_destinations(next_hop)) {
        if (delivery_.unsettled() == 0 || loops_)
            break;
        co_await try_destination(std::string(text));
    }
    for (const std::string& relay : parts_.settings.fallback_relays) {
        if (delivery_.unsettled() == 0 || loops_)
            break;
        trouble_ = {};
        co_await try_destination(relay);
        if (!trouble_.temporary()) {
            base::Log{}.warning(parts_.settings.lmtp ? "lmtp" : "smtp",
                                "_fallback_relay configuration problem");
            trouble_.dsn = "4.3.5";
        }
    }
    settle_pending();
    if (talked_)
        delivery_.set_health(Health::Ok);
}

// ---- From a destination to hosts

Task<void> SmtpAttempt::try_destination(const std::string& text)
{
    const auto parsed = parse_destination(text, parts_.settings.default_port, parts_.settings.lmtp);
    if (!parsed) {
        base::Log{}.warning(parsed.error().text);
        trouble({"4.3.5", base::cat("mail system configuration error: ", parsed.error().text)});
        co_return;
    }
    const bool kept = co_await try_kept(*parsed);
    if (delivery_.unsettled() == 0)
        co_return;
    if (parsed->is_unix()) {
        co_await try_unix(*parsed);
        co_return;
    }
    HostList list = co_await parts_.finder.find(*parsed);
    if (!list.hosts.empty()) {
        co_await try_hosts(*parsed, std::move(list.hosts), kept ? 1 : 0);
        co_return;
    }
    loops_ = list.loops;
    if (!list.trouble.temporary() && !parts_.settings.lmtp &&
        delivery_.request().next_hop == parts_.settings.relayhost) {
        base::Log{}.warning("relayhost configuration problem");
        list.trouble.dsn = "4.3.5";
    }
    trouble(std::move(list.trouble));
}

// True when there was a connection.
Task<bool> SmtpAttempt::try_kept(const Destination& destination)
{
    while (std::unique_ptr<Connection> kept = parts_.connections.take(destination.text)) {
        std::string endpoint = kept->endpoint;
        const bool used = co_await use(std::move(kept), {});
        if (!used)
            continue; // It was gone.
        tried_.push_back(std::move(endpoint));
        co_return true;
    }
    co_return false;
}

Task<void> SmtpAttempt::try_hosts(const Destination& destination, std::vector<Host> hosts,
                                  std::size_t sessions)
{
    const std::size_t limit = parts_.settings.session_limit;
    for (const Host& host : hosts) {
        const bool done =
            std::find(tried_.begin(), tried_.end(), endpoint_of(host)) != tried_.end();
        if (done)
            continue;
        if (delivery_.unsettled() == 0 || out_of_time() || (limit > 0 && sessions >= limit))
            co_return;
        tried_.push_back(endpoint_of(host));
        const bool connected = co_await try_host(destination, host);
        sessions += connected ? 1 : 0;
    }
}

// True when there was a connection.
Task<bool> SmtpAttempt::try_host(const Destination& destination, const Host& host)
{
    log_pending();
    while (auto kept = parts_.connections.take_endpoint(endpoint_of(host))) {
        const bool used = co_await use(std::move(kept), {});
        if (used)
            co_return true;
    }
    const std::size_t sockets_before = sockets_;
    auto connection =
        co_await connect(destination.text, remote_server(destination, host), host.address);
    if (connection != nullptr)
        co_await use(std::move(connection), parts_.loop.clock().wall());
    co_return sockets_ > sockets_before;
}

Task<void> SmtpAttempt::try_unix(const Destination& destination)
{
    log_pending();
    smtp::RemoteServer server;
    server.host = parts_.settings.client.helo_name;
    server.display = base::cat(server.host, "[", destination.path, "]");
    server.relay = server.display;
    server.nexthop = destination.path;
    auto connection = co_await connect(destination.text, std::move(server),
                                       net::Address::unix_path(destination.path));
    if (connection != nullptr)
        co_await use(std::move(connection), parts_.loop.clock().wall());
}

// ---- Connections

std::optional<net::Address> SmtpAttempt::source_for(const net::Address& to) const
{
    if (to.is_loopback() || !to.is_inet())
        return std::nullopt;
    const SmtpSettings& settings = parts_.settings;
    return to.family() == net::Family::Inet ? settings.bind_ipv4 : settings.bind_ipv6;
}

Task<base::Result<base::Fd>> SmtpAttempt::open_socket(net::Address to)
{
    const base::Deadline deadline =
        parts_.loop.clock().after(parts_.settings.connect_time).earlier(limit_);
    const std::optional<net::Address> source = source_for(to);
    auto fd = co_await net::connect(parts_.loop, to, deadline, source);
    const bool bind_failed = !fd && source && fd.error().text.starts_with("bind ");
    if (!bind_failed || parts_.settings.bind_enforce)
        co_return fd;
    base::Log{}.warning(fd.error().text);
    co_return co_await net::connect(parts_.loop, to, deadline);
}

// A connection after its greeting and EHLO; null, with the reason noted, when there is none.
Task<std::unique_ptr<Connection>> SmtpAttempt::connect(const std::string& made_for,
                                                       smtp::RemoteServer server, net::Address to)
{
    auto fd = co_await open_socket(to);
    if (!fd) {
        Trouble failed{"4.4.1", base::cat("connect to ", server.relay, ": ", fd.error().text)};
        base::Log{}.info(failed.text);
        trouble(std::move(failed));
        co_return nullptr;
    }
    ++sockets_;
    if (to.is_inet())
        net::set_no_delay(fd->number());
    auto connection = std::make_unique<Connection>(parts_.loop, std::move(*fd), made_for,
                                                   std::move(server), parts_.settings.client);
    connection->transport.set_limit(limit_);
    auto failure = co_await connection->session.open();
    if (failure) {
        note_failure(failure->outcome.text);
        fail_all(*failure);
        co_await tell_postmaster(*connection);
        parts_.connections.dismiss(std::move(connection));
        co_return nullptr;
    }
    co_return connection;
}

// ---- One message over one connection

// False when a kept connection turned out to be gone.
Task<bool> SmtpAttempt::use(std::unique_ptr<Connection> connection, base::WallTime connected)
{
    const ipc::delivery::Deliver& request = delivery_.request();
    std::vector<std::size_t> indexes;
    std::vector<mail::Recipient> rest;
    for (std::size_t i = 0; i < delivery_.recipients(); ++i)
        if (!delivery_.settled(i))
            indexes.push_back(i);
    std::span<const mail::Recipient> recipients = request.recipients;
    if (indexes.size() < request.recipients.size()) {
        for (std::size_t i : indexes)
            rest.push_back(request.recipients[i]);
        recipients = rest;
    }
    FileContent content(request.message.fd.number(), request.content.offset, request.content.size);
    std::optional<CheckedContent> checked;
    if (parts_.checks != nullptr)
        checked.emplace(content, *parts_.checks, request.queue_id);
    smtp::ContentFacts facts = content_facts(request.content);
    if (checked) // What they make of it is not known beforehand.
        facts = {.size = facts.size,
                 .eight_bit = facts.eight_bit,
                 .eight_bit_headers = facts.eight_bit_headers};
    smtp::ContentSource* source = checked ? static_cast<smtp::ContentSource*>(&*checked) : &content;
    const smtp::ClientMessage message{request.envelope, recipients, facts,
                                      request.trace ? nullptr : source};
    connection->transport.set_limit(limit_);
    const smtp::DeliveryReport report = co_await connection->session.deliver(message);
    if (report.stale_connection)
        co_return false;
    talked_ = true;
    if (report.folded_lines)
        base::Log{}.info(request.queue_id, ": breaking line > ",
                         parts_.settings.client.line_length_limit, " bytes with <CR><LF>SPACE");
    take_report(report, indexes, *connection, connected);
    co_await tell_postmaster(*connection);
    parts_.connections.give_back(std::move(connection), request.next_hop);
    co_return true;
}

void SmtpAttempt::take_report(const smtp::DeliveryReport& report,
                              const std::vector<std::size_t>& indexes, const Connection& connection,
                              base::WallTime connected)
{
    const Passage passage{connected, static_cast<unsigned>(connection.session.messages()),
                          connection.session.capabilities().has(smtp::extension::dsn)};
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        smtp::Attempt attempt = report.attempts[i];
        if (parts_.settings.final_delivery)
            attempt.outcome.relayed = false;
        if (attempt.next_host)
            pending_[indexes[i]] = Pending{attempt, passage};
        else
            delivery_.settle(indexes[i], attempt.outcome, passage);
    }
}

// ---- What stands in the way

// A letter about the conversation, if something in it was wrong. Nobody is told of what happens to
// such letters themselves.
Task<void> SmtpAttempt::tell_postmaster(Connection& connection)
{
    namespace notify_class = config::notify_class;
    smtp::ClientSession& session = connection.session;
    if (session.record() == nullptr || parts_.postmaster == nullptr)
        co_return;
    const unsigned protocol = session.record()->protocol_error() ? notify_class::protocol : 0;
    const unsigned data = session.record()->content_error() ? notify_class::data : 0;
    const ipc::delivery::Deliver& request = delivery_.request();
    if (parts_.postmaster->wants(protocol | data) &&
        !parts_.postmaster->is_notice(request.envelope.sender)) {
        if (!parts_.connections.worth_keeping(connection, request.next_hop))
            co_await session.quit(); // So that the letter has it.
        std::string letter = session.record()->letter(connection.server.relay);
        BadSession bad{parts_.settings.lmtp ? "LMTP client" : "SMTP client",
                       connection.server.relay, protocol | data};
        co_await parts_.postmaster->tell(std::move(bad), std::move(letter));
    }
    session.forget_record();
}

void SmtpAttempt::note_failure(const std::string& text)
{
    if (!talked_)
        delivery_.set_health(Health::Unreachable, text);
}

// The same result for all that are left, from the opening of a session.
void SmtpAttempt::fail_all(const smtp::Attempt& attempt)
{
    const Passage passage{parts_.loop.clock().wall(), 0, false};
    for (std::size_t i = 0; i < delivery_.recipients(); ++i) {
        if (delivery_.settled(i))
            continue;
        if (attempt.next_host)
            pending_[i] = Pending{attempt, passage};
        else
            delivery_.settle(i, attempt.outcome, passage);
    }
}

// The same for trouble without a session: it takes the place of what earlier hosts said, unless
// that was only temporary and this is not.
void SmtpAttempt::trouble(Trouble trouble)
{
    const bool had_doubt = !trouble_.dsn.empty() && trouble_.temporary();
    if (!trouble.temporary() && !loops_ && (had_doubt || !tried_.empty()))
        return;
    if (trouble.temporary())
        note_failure(trouble.text);
    trouble_ = std::move(trouble);
    std::fill(pending_.begin(), pending_.end(), std::nullopt);
}

// Another host is about to be tried: what the last one said is worth a line of its own.
void SmtpAttempt::log_pending()
{
    const std::string* said = nullptr;
    for (std::size_t i = 0; i < pending_.size(); ++i) {
        if (!pending_[i] || delivery_.settled(i))
            continue;
        const mail::Outcome& outcome = pending_[i]->attempt.outcome;
        if (said != nullptr && *said == outcome.text)
            continue;
        said = &outcome.text;
        base::Log{}.info(delivery_.request().queue_id, ": ", *said);
        trouble_ = {outcome.dsn, outcome.text};
    }
}

void SmtpAttempt::settle_pending()
{
    if (trouble_.dsn.empty())
        trouble_ = {"4.3.0", "server unavailable or unable to receive mail"};
    for (std::size_t i = 0; i < pending_.size(); ++i) {
        if (delivery_.settled(i))
            continue;
        if (pending_[i])
            delivery_.settle(i, pending_[i]->attempt.outcome, pending_[i]->passage);
        else
            delivery_.settle(i, outcome_of(trouble_));
    }
}

} // namespace delivery
