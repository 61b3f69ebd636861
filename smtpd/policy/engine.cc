// SPDX-License-Identifier: Apache-2.0
// How restrictions are asked, and what a refusal or a doubt comes to; see engine.h.
#include "smtpd/policy/engine.h"

#include <cassert>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "smtpd/policy/checks.h"

namespace smtpd {

base::Task<std::string> World::suppressed(std::string)
{
    co_return std::string();
}

using base::Result;
using base::Task;
using smtp::ActionKind;

// Classes and results within classes and results.
static constexpr int depth_limit = 100;

std::string_view subject_name(Subject subject)
{
    switch (subject) {
    case Subject::Client: return "Client host";
    case Subject::ReverseClient: return "Unverified Client host";
    case Subject::Helo: return "Helo command";
    case Subject::Sender: return "Sender address";
    case Subject::Recipient: return "Recipient address";
    case Subject::Etrn: return "Etrn command";
    case Subject::Data: return "Data command";
    case Subject::EndOfData: return "End-of-data";
    }
    return "";
}

std::string Evaluation::name_of(Subject of) const
{
    switch (of) {
    case Subject::Client: return input.client.name_and_address();
    case Subject::ReverseClient: return input.client.reverse_name;
    case Subject::Helo: return input.client.helo;
    case Subject::Sender: return sender();
    case Subject::Recipient: return std::string(input.recipient);
    case Subject::Etrn: return std::string(input.domain);
    case Subject::Data: return "DATA";
    case Subject::EndOfData: return "END-OF-MESSAGE";
    }
    return {};
}

void Evaluation::note(ActionKind kind, std::string value, std::string log_text)
{
    verdict.actions.push_back({kind, std::move(value), std::move(log_text)});
}

std::string Evaluation::reply_text(const Refusal& refusal) const
{
    bool sane = refusal.code >= 400 && refusal.code <= 599 && !refusal.dsn.empty();
    if (!sane) {
        base::Log{}.warning("reject code ", refusal.code, " is no code of a refusal");
        return "450 4.7.1 Service unavailable";
    }
    int code = refusal.code;
    if (engine.params.soft_bounce() && code >= 500)
        code -= 100;
    return base::cat(code, " ", code / 100, refusal.dsn.substr(1), " ", refusal.text);
}

Decision Evaluation::reject(Refusal refusal)
{
    std::string reply = reply_text(refusal);
    if (warn_depth_ != 0 && !refusal.fault_of_ours) {
        note(ActionKind::RejectWarning, {}, std::move(reply));
        return Decision::Dunno;
    }
    // An earlier doubt might have let it pass: refuse for the time being only, and say why.
    if (!defer_if_reject.reply.empty() && reply.starts_with('5'))
        reply = std::move(defer_if_reject.reply);
    verdict.reply = std::move(reply);
    return Decision::Reject;
}

Decision Evaluation::reject(Subject of, int code, std::string_view dsn, std::string_view reason)
{
    std::string text = base::cat("<", name_of(of), ">: ", subject_name(of), " rejected: ", reason);
    return reject(Refusal{code, dsn, text});
}

Decision Evaluation::reject(int code, std::string_view dsn, std::string_view reason)
{
    return reject(subject, code, dsn, reason);
}

Decision Evaluation::defer_unless_rejected(Subject of, Refusal refusal,
                                           config::TempfailAction action)
{
    if (warn_depth_ != 0 || action == config::TempfailAction::Defer)
        return reject(of, refusal.code, refusal.dsn, refusal.text);
    std::string text =
        base::cat("<", name_of(of), ">: ", subject_name(of), " rejected: ", refusal.text);
    if (defer_if_permit.reply.empty())
        defer_if_permit.reply = reply_text({refusal.code, refusal.dsn, text});
    return Decision::Dunno;
}

Decision Evaluation::defer_instead_of_reject(Subject of, Refusal refusal)
{
    std::string text =
        base::cat("<", name_of(of), ">: ", subject_name(of), " rejected: ", refusal.text);
    if (defer_if_reject.reply.empty())
        defer_if_reject.reply = reply_text({refusal.code, refusal.dsn, text});
    return Decision::Dunno;
}

Decision Evaluation::lookup_failed(std::string_view what)
{
    std::string text = base::cat("<", what, ">: Temporary lookup failure");
    return reject(Refusal{451, "4.3.0", text, true});
}

Decision Evaluation::permit(std::string_view)
{
    return Decision::Permit;
}

Decision Evaluation::apply_doubt(Decision decision)
{
    if (decision == Decision::Reject || defer_if_permit.reply.empty() || session.discard)
        return decision;
    verdict.reply = defer_if_permit.reply;
    return Decision::Reject;
}

Task<Decision> Evaluation::ask(const List& list)
{
    if (depth_ >= depth_limit) {
        base::Log{}.warning("restrictions within restrictions, deeper than ", depth_limit);
        co_return reject(Refusal{451, "4.3.5", "Server configuration error", true});
    }
    ++depth_;
    Decision decision = Decision::Dunno;
    for (const Item& item : list) {
        if (session.discard)
            break;
        if (item.rule != nullptr && item.rule->name == "warn_if_reject") {
            if (warn_depth_ == 0)
                warn_depth_ = depth_;
            continue;
        }
        decision = co_await ask_one(item);
        if (warn_depth_ >= depth_)
            warn_depth_ = 0;
        if (decision != Decision::Dunno)
            break;
    }
    --depth_;
    co_return decision;
}

Task<Decision> Evaluation::ask_one(const Item& item)
{
    Decision decision = Decision::Dunno;
    last_key_.clear();
    if (item.members != nullptr) {
        decision = co_await ask(*item.members);
    } else {
        assert(item.rule != nullptr); // An item is a class or a rule.
        decision = co_await check_of(*item.rule)(*this, item);
    }
    session.trace.push_back({item.name(), std::move(last_key_), decision});
    bool logged = false;
    if (decision == Decision::Permit && item.members == nullptr && !engine.logged_permits.empty()) {
        auto listed = co_await engine.logged_permits.match(std::string(item.name()));
        logged = listed && *listed;
    }
    if (logged)
        note(ActionKind::Permit, {},
             base::cat("action=", item.name(), " for ", subject_name(subject), "=",
                       name_of(subject)));
    co_return decision;
}

Task<Result<const route::Route*>> Evaluation::route_of(std::unique_ptr<KnownRoute>& known,
                                                       std::string address)
{
    if (!known || known->address != address) {
        // A bare name means one at myorigin, which need not be a domain of ours.
        std::string complete =
            engine.destinations.rewriter().rewrite(address, route::Context::Local);
        auto route = co_await engine.router.resolve(sender(), std::move(complete));
        if (!route)
            co_return route.error();
        known = std::make_unique<KnownRoute>(KnownRoute{std::move(address), std::move(*route)});
    }
    co_return &known->route;
}

Task<Result<const route::Route*>> Evaluation::recipient_route()
{
    return route_of(session.recipient_route, std::string(input.recipient));
}

Task<Result<const route::Route*>> Evaluation::sender_route()
{
    return route_of(session.sender_route, sender());
}

Task<Result<bool>> Evaluation::in_mynetworks()
{
    if (!session.in_mynetworks) {
        auto matched = co_await engine.mynetworks.match(input.client.name, input.client.address);
        if (!matched)
            co_return matched.error();
        session.in_mynetworks = *matched;
    }
    co_return *session.in_mynetworks;
}

} // namespace smtpd
