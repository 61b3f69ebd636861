// SPDX-License-Identifier: Apache-2.0
// sendmail -bs: the SMTP dialogue on standard input and output of whoever called it. No access
// restrictions, no tables, no sockets of other daemons: the messages go to postdrop(1), so that it
// works with a user's rights, and while the mail system is down.
#pragma once

#include <optional>

#include "lib/service/service.h"
#include "lib/smtp/collaborators.h"
#include "lib/submit/postdrop.h"
#include "lib/table/match_list.h"
#include "smtpd/command_lists.h"
#include "smtpd/reject_footer.h"
#include "smtpd/settings.h"

namespace smtpd {

// Each message to a postdrop of its own, with a Received field of this dialogue in front.
class PostdropSink final : public smtp::MessageSink {
public:
    // Both outlive it.
    PostdropSink(const config::CommonParams& common, const base::Clock& clock)
        : common_(common), clock_(clock)
    {
    }

    base::Task<base::Result<mail::QueueId>> open(const mail::Envelope& envelope,
                                                 std::string_view verp) override;
    base::Task<base::Result<void>> recipient(const mail::Recipient& recipient) override;
    base::Task<base::Result<void>> apply(const smtp::AccessAction& action) override;
    base::Task<base::Result<void>> content(std::string_view bytes) override;
    base::Task<smtp::FinishResult> finish() override;
    void abandon() override { postdrop_.reset(); }

private:
    std::string trace_field() const;
    void begin_content(std::string_view bytes);

    const config::CommonParams& common_;
    const base::Clock& clock_;
    std::optional<submit::Postdrop> postdrop_;
    mail::Envelope envelope_;
    mail::QueueId id_;
    std::vector<std::string> recipients_; // The first two.
    bool has_content_ = false;
};

class LocalDialogue {
public:
    // Whether this process is one: started by hand, and not by mail_owner, whose dialogue goes the
    // way of mail from the network.
    static bool wanted(const service::Service& service);

    LocalDialogue(service::Service& service, const config::SmtpdParams& params,
                  const config::VerpParams& verp);
    base::Task<void> serve(service::Client client);

private:
    base::Task<void> serve_socket(base::Fd socket);

    service::Service& service_;
    table::Tables tables_;
    CommandLists commands_;
    table::MatchList verp_clients_;
    RejectFooter footer_;
    smtp::ServerSettings session_settings_;
    DriverSettings driver_settings_;
};

} // namespace smtpd
