// SPDX-License-Identifier: Apache-2.0
// One client of cleanup: takes in one message after another (lib/ipc/messages/cleanup.h) and makes
// a queue file of each. Ok is answered only when the file is on disk.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "cleanup/committer.h"
#include "cleanup/header_rules.h"
#include "cleanup/qmgr_news.h"
#include "lib/base/log.h"
#include "lib/config/params/cleanup.h"
#include "lib/config/params/common.h"
#include "lib/ipc/messages/cleanup.h"
#include "lib/queue/writer.h"

namespace cleanup {

// What all sessions of the process share.
struct Shared {
    const config::CleanupParams& params;
    const config::CommonParams& common;
    const queue::Directories& directories;
    const base::Clock& clock;
    Committer& committer;
    QmgrNews& qmgr;
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
    base::Task<base::Result<ipc::cleanup::Finished>> on(ipc::cleanup::Finish finish);
    base::Task<base::Result<void>> on(ipc::cleanup::Abandon abandon);

private:
    // Everything about the message under way; replaced as a whole.
    struct Incoming {
        Incoming(queue::MessageWriter file, const config::CleanupParams& params);

        queue::MessageWriter writer;
        queue::Message message;
        std::uint32_t options = 0;
        base::Log log;
        HeaderRules headers;
        mail::HeaderSplitter splitter;
        bool started = false;      // Received is written.
        bool header_ended = false; // What follows is body.
        bool discard = false;
        queue::Queue target = queue::Queue::Incoming;
        std::string prepend;                           // Header lines to put in front.
        std::set<std::string> seen;                    // Recipients, for duplicates.
        std::optional<ipc::cleanup::Finished> failure; // The first; the rest is then ignored.
    };

    using Finished = ipc::cleanup::Finished;
    void start(Incoming& in);
    void end_header(Incoming& in);
    std::string missing_fields(Incoming& in) const;
    void append(Incoming& in, std::string_view bytes);
    void fail(Incoming& in, Finished why);
    void take_content(Incoming& in, std::string_view bytes);
    base::Task<Finished> store(Incoming& in);

    Shared& shared_;
    std::unique_ptr<Incoming> in_;
};

} // namespace cleanup
