// SPDX-License-Identifier: Apache-2.0
// The policy of one session; see session_policy.h.
#include "smtpd/session_policy.h"

#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace smtpd {

using base::Task;
using smtp::PolicyInput;
using smtp::Verdict;

static std::string_view word_of(Decision decision)
{
    switch (decision) {
    case Decision::Dunno: return "dunno";
    case Decision::Permit: return "permit";
    case Decision::Reject: return "reject";
    }
    return "";
}

static void show(const std::vector<Consulted>& trace)
{
    for (const auto& step : trace)
        base::Log{}.debug("restriction ", step.restriction, step.key.empty() ? "" : " key ",
                          step.key, ": ", word_of(step.decision));
}

Task<Verdict> SessionPolicy::decide(Stage stage, const PolicyInput& input)
{
    facts_.trace.clear();
    // RFC 5321 4.5.1: postmaster without a domain is always heard, at delayed stages too.
    if (base::iequals(input.recipient, "postmaster"))
        co_return Verdict{};
    Verdict verdict = co_await stage(engine_, facts_, input);
    if (base::log_debug())
        show(facts_.trace);
    co_return verdict;
}

Task<Verdict> SessionPolicy::connect(const PolicyInput& input)
{
    // Every message begins anew; its first decision is made before it has a queue file.
    if (input.queue_id.empty())
        facts_.discard = false;
    return decide(stage::client, input);
}
Task<Verdict> SessionPolicy::helo(const PolicyInput& input)
{
    return decide(stage::helo, input);
}
Task<Verdict> SessionPolicy::mail(const PolicyInput& input)
{
    if (!engine_.params.delay_reject())
        facts_.discard = false;
    return decide(stage::sender, input);
}
Task<Verdict> SessionPolicy::rcpt(const PolicyInput& input)
{
    return decide(stage::recipient, input);
}
Task<Verdict> SessionPolicy::data(const PolicyInput& input)
{
    return decide(stage::data, input);
}
Task<Verdict> SessionPolicy::end_of_data(const PolicyInput& input)
{
    return decide(stage::end_of_data, input);
}
Task<Verdict> SessionPolicy::vrfy(const PolicyInput& input)
{
    return decide(stage::recipient, input);
}
Task<Verdict> SessionPolicy::etrn(const PolicyInput& input)
{
    return decide(stage::etrn, input);
}
Task<Verdict> SessionPolicy::limit_session(const PolicyInput& input)
{
    return use_.connect(input.client);
}
Task<Verdict> SessionPolicy::limit_mail(const PolicyInput& input)
{
    return use_.mail(input.client);
}
Task<Verdict> SessionPolicy::limit_rcpt(const PolicyInput& input)
{
    return use_.recipient(input.client);
}
Task<base::Result<std::optional<std::string>>> SessionPolicy::replacement(std::string_view line)
{
    if (commands_ == nullptr)
        co_return std::optional<std::string>{};
    co_return co_await commands_->replacement(std::string(line));
}
Task<bool> SessionPolicy::ignores(std::string_view word)
{
    if (commands_ == nullptr)
        co_return false;
    co_return co_await commands_->ignores(std::string(word));
}
Task<bool> SessionPolicy::forbids(std::string_view word)
{
    if (commands_ == nullptr)
        co_return false;
    co_return co_await commands_->forbids(std::string(word));
}

} // namespace smtpd
