// SPDX-License-Identifier: Apache-2.0
// Restrictions that ask nobody.
#include "smtpd/policy/checks.h"

namespace smtpd::check {

Step never(Evaluation&, const Item&)
{
    co_return Decision::Dunno;
}

Step permit(Evaluation& evaluation, const Item& item)
{
    co_return evaluation.permit(item.name());
}

Step reject(Evaluation& evaluation, const Item&)
{
    int code = static_cast<int>(evaluation.engine.params.reject_code());
    co_return evaluation.reject(code, "5.7.1", "Access denied");
}

Step defer(Evaluation& evaluation, const Item&)
{
    int code = static_cast<int>(evaluation.engine.params.defer_code());
    co_return evaluation.reject(code, "4.3.2", "Try again later");
}

Step defer_if_permit(Evaluation& evaluation, const Item&)
{
    co_return evaluation.defer_unless_rejected(evaluation.subject,
                                               {450, "4.7.0", "defer_if_permit requested"},
                                               config::TempfailAction::DeferIfPermit);
}

Step defer_if_reject(Evaluation& evaluation, const Item&)
{
    co_return evaluation.defer_instead_of_reject(evaluation.subject,
                                                 {450, "4.7.0", "defer_if_reject requested"});
}

Step sleep(Evaluation& evaluation, const Item& item)
{
    co_await evaluation.engine.world.wait(item.wait);
    co_return Decision::Dunno;
}

Step reject_unauth_pipelining(Evaluation& evaluation, const Item&)
{
    if (!evaluation.input.pipelined)
        co_return Decision::Dunno;
    co_return evaluation.reject(503, "5.5.0", "Improper use of SMTP command pipelining");
}

// There is no other kind of session yet.
Step reject_plaintext_session(Evaluation& evaluation, const Item&)
{
    int code = static_cast<int>(evaluation.engine.params.plaintext_reject_code());
    co_return evaluation.reject(code, "4.7.1", "Session encryption is required");
}

// Bounces have one recipient; at RCPT the one at hand is not counted yet.
Step reject_multi_recipient_bounce(Evaluation& evaluation, const Item&)
{
    const auto& input = evaluation.input;
    bool counted = evaluation.subject == Subject::Data || evaluation.subject == Subject::EndOfData;
    std::uint32_t limit = counted ? 1 : 0;
    bool many = input.recipient_count > limit;
    if (!evaluation.has_sender() || !evaluation.sender().empty() || !many)
        co_return Decision::Dunno;
    int code = static_cast<int>(evaluation.engine.params.multi_recipient_bounce_reject_code());
    co_return evaluation.reject(code, "5.5.3", "Multi-recipient bounce");
}

} // namespace smtpd::check
