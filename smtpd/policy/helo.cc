// SPDX-License-Identifier: Apache-2.0
// Restrictions by the name in HELO or EHLO.
#include "lib/mail/domain.h"
#include "lib/net/address.h"
#include "smtpd/policy/checks.h"

namespace smtpd::check {

// A final dot is allowed, two are not.
static std::string_view without_dot(std::string_view name)
{
    if (name.size() > 1 && name.ends_with('.') && !name.ends_with(".."))
        name.remove_suffix(1);
    return name;
}

static bool is_literal(std::string_view name)
{
    return name.starts_with('[');
}

static Decision check_literal(Evaluation& evaluation)
{
    if (mail::is_address_literal(evaluation.input.client.helo))
        return Decision::Dunno;
    int code = static_cast<int>(evaluation.engine.params.invalid_hostname_reject_code());
    return evaluation.reject(Subject::Helo, code, "5.5.2", "invalid ip address");
}

Step reject_invalid_helo_hostname(Evaluation& evaluation, const Item&)
{
    std::string_view name = without_dot(evaluation.input.client.helo);
    if (name.empty())
        co_return Decision::Dunno;
    if (is_literal(name))
        co_return check_literal(evaluation);
    if (mail::is_hostname(name, true) || net::Address::parse(name))
        co_return Decision::Dunno;
    int code = static_cast<int>(evaluation.engine.params.invalid_hostname_reject_code());
    co_return evaluation.reject(Subject::Helo, code, "5.5.2", "Invalid name");
}

Step reject_non_fqdn_helo_hostname(Evaluation& evaluation, const Item&)
{
    std::string_view name = without_dot(evaluation.input.client.helo);
    if (name.empty())
        co_return Decision::Dunno;
    if (is_literal(name))
        co_return check_literal(evaluation);
    if (mail::is_hostname(name, true) && name.find('.') != std::string_view::npos)
        co_return Decision::Dunno;
    int code = static_cast<int>(evaluation.engine.params.non_fqdn_reject_code());
    co_return evaluation.reject(Subject::Helo, code, "5.5.2", "need fully-qualified hostname");
}

Step reject_unknown_helo_hostname(Evaluation& evaluation, const Item&)
{
    std::string name = evaluation.input.client.helo;
    if (name.empty())
        co_return Decision::Dunno;
    if (is_literal(name))
        co_return check_literal(evaluation);
    Existence existence = Existence::NotFound;
    if (mail::is_hostname(without_dot(name), true))
        existence = co_await evaluation.engine.world.host(std::string(without_dot(name)));
    const auto& params = evaluation.engine.params;
    int code = static_cast<int>(params.unknown_hostname_reject_code());
    switch (existence) {
    case Existence::Found: co_return Decision::Dunno;
    case Existence::TryAgain:
        co_return evaluation.defer_unless_rejected(Subject::Helo, {450, "4.7.1", "Host not found"},
                                                   params.unknown_helo_hostname_tempfail_action());
    case Existence::NotFound:
    case Existence::NullMx: break;
    }
    co_return evaluation.reject(Subject::Helo, code, "4.7.1", "Host not found");
}

} // namespace smtpd::check
