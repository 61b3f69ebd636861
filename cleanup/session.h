// SPDX-License-Identifier: Apache-2.0
// One client of cleanup: takes in one message after another (lib/ipc/messages/cleanup.h) and makes
// a queue file of each. Ok is answered only when the file is on disk.
#pragma once

#include <functional>
#include <memory>

#include "cleanup/committer.h"
#include "cleanup/incoming.h"
#include "cleanup/qmgr_news.h"

namespace cleanup {

// What all sessions of the process share.
struct Shared {
    const Settings& settings;
    const queue::Directories& directories;
    Committer& committer;
    News& qmgr;
    // Called before each message, if there is one: whoever keeps a connection open sees tables that
    // have changed, too.
    std::function<void()> refresh = {};
};

class Session {
public:
    explicit Session(Shared& shared) : shared_(shared) {}

    // Which messages fit the state.
    bool permits(std::string_view name) const;

    base::Task<base::Result<ipc::cleanup::Opened>> on(ipc::cleanup::Open open);
    base::Task<base::Result<void>> on(ipc::cleanup::Recipient recipient);
    base::Task<base::Result<void>> on(ipc::cleanup::Action action);
    base::Task<base::Result<void>> on(ipc::cleanup::Content content);
    base::Task<base::Result<Finished>> on(ipc::cleanup::Finish finish);
    base::Task<base::Result<void>> on(ipc::cleanup::Abandon abandon);

private:
    bool has_room() const;
    base::Task<Finished> store(Incoming& in);

    Shared& shared_;
    std::unique_ptr<Incoming> in_; // The message under way.
    bool content_began_ = false;
};

} // namespace cleanup
