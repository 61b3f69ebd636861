// SPDX-License-Identifier: Apache-2.0
// Letters to the postmaster; see postmaster.h.
#include "lib/delivery/postmaster.h"

#include "lib/base/log.h"
#include "lib/ipc/messages/cleanup.h"
#include "lib/mail/date.h"

namespace delivery {

using base::Result;
using base::Task;
namespace cleanup = ipc::cleanup;

static constexpr auto answer_time = std::chrono::seconds(120);

std::string Postmaster::sender() const
{
    return config::notice_sender(notices_.double_bounce_sender(), common_.myhostname());
}

bool Postmaster::is_notice(std::string_view sender) const
{
    return sender.empty() || base::iequals(sender, this->sender());
}

Task<Result<void>> Postmaster::hand_in(std::string subject, std::string to, std::string text)
{
    const base::Deadline deadline = loop_.clock().after(answer_time);
    ipc::Client<cleanup::Protocol> client(loop_, "public/cleanup");
    cleanup::Open open;
    open.options = cleanup::option::internal | cleanup::option::local_rewrite;
    open.envelope.arrival = loop_.clock().wall();
    open.envelope.sender = sender();
    const std::string date = mail::header_date(open.envelope.arrival);
    auto opened = co_await client.call(open, deadline);
    if (!opened)
        co_return opened.error();
    const cleanup::Recipient recipient{{to, to, {}, 0}};
    client.post(recipient, true);
    const std::string letter =
        base::cat("Received: by ", common_.myhostname(), " (", common_.mail_name(), ")\r\n\tid ",
                  opened->queue_id, "; ", date, "\r\nDate: ", date,
                  "\r\nFrom: Mail Delivery System <MAILER-DAEMON>\r\nTo: Postmaster <",
                  notices_.error_recipient(), ">\r\nSubject: ", subject,
                  "\r\nAuto-Submitted: auto-generated\r\n\r\n", text);
    for (std::string_view rest = letter; !rest.empty();
         rest.remove_prefix(std::min(rest.size(), cleanup::content_limit))) {
        const cleanup::Content piece{rest.substr(0, cleanup::content_limit)};
        client.post(piece);
    }
    auto finished = co_await client.call(cleanup::Finish{}, deadline);
    if (!finished)
        co_return finished.error();
    if (finished->verdict != cleanup::Verdict::Ok)
        co_return base::temporary(base::cat("cleanup: ", finished->text));
    co_return Result<void>{};
}

Task<void> Postmaster::tell(BadSession bad, std::string text)
{
    std::string subject = base::cat(common_.mail_name(), " ", bad.program, ": errors from ",
                                    base::printable(bad.peer));
    const bool refused = (bad.classes & config::notify_class::bounce) != 0;
    std::string to = refused ? notices_.bounce_recipient() : notices_.error_recipient();
    auto done = co_await hand_in(std::move(subject), std::move(to), std::move(text));
    if (!done)
        base::Log{}.warning("cannot write to the postmaster: ", done.error().text);
}

} // namespace delivery
