// SPDX-License-Identifier: Apache-2.0
// What ETRN asks for: the queue manager tries what waits for a domain.
#pragma once

#include "lib/ipc/client.h"
#include "lib/ipc/messages/qmgr.h"
#include "lib/smtp/collaborators.h"
#include "lib/table/match_list.h"

namespace smtpd {

class QmgrFlusher final : public smtp::SiteFlusher {
public:
    // `allowed`: fast_flush_domains. Both outlive it.
    QmgrFlusher(events::Loop& loop, const table::MatchList& allowed)
        : allowed_(allowed), qmgr_(loop, "public/qmgr")
    {
    }

    base::Task<smtp::FlushAnswer> flush_site(std::string_view domain) override;

private:
    const table::MatchList& allowed_;
    ipc::Client<ipc::qmgr::Protocol> qmgr_;
};

} // namespace smtpd
