// SPDX-License-Identifier: Apache-2.0
// The queue manager's socket: news from cleanup and the commands of people, one object for each
// connection. Who may do what is decided by the user at the other end.
#pragma once

#include <sys/types.h>

#include "lib/ipc/messages/qmgr.h"
#include "qmgr/manager.h"

namespace qmgr {

class Commands {
public:
    // `peer`: the user that connected; `owner`: mail_owner.
    Commands(Manager& manager, uid_t peer, uid_t owner);

    // Changes of messages are for root and mail_owner only.
    bool permits(std::string_view message) const;

    base::Task<base::Result<void>> on(ipc::qmgr::Arrived arrived);
    base::Task<base::Result<ipc::qmgr::Count>> on(ipc::qmgr::Wake wake);
    base::Task<base::Result<ipc::qmgr::Count>> on(ipc::qmgr::FlushAll flush);
    base::Task<base::Result<ipc::qmgr::Count>> on(ipc::qmgr::FlushMessage flush);
    base::Task<base::Result<ipc::qmgr::Count>> on(ipc::qmgr::FlushSite flush);
    base::Task<base::Result<ipc::qmgr::Changed>> on(ipc::qmgr::ChangeMessage change);
    base::Task<base::Result<ipc::qmgr::Found>> on(ipc::qmgr::Search search);
    base::Task<base::Result<ipc::qmgr::Found>> on(ipc::qmgr::SearchMore more);
    base::Task<base::Result<ipc::qmgr::Count>> on(ipc::qmgr::FlushMatching flush);
    base::Task<base::Result<ipc::qmgr::Explanation>> on(ipc::qmgr::Explain explain);
    base::Task<base::Result<ipc::qmgr::DestinationState>> on(ipc::qmgr::ExplainAddress explain);

private:
    Manager& manager_;
    bool trusted_;
    std::unique_ptr<search::Inquiry> search_; // The one under way.
};

} // namespace qmgr
