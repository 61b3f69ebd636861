// SPDX-License-Identifier: Apache-2.0
// Asking about waiting mail: the queue manager while one runs, the files themselves when not. Both
// answer in the same form.
#pragma once

#include <functional>
#include <memory>

#include "lib/ipc/client.h"
#include "lib/search/inquiry.h"

namespace search {

class Asking {
public:
    virtual ~Asking() = default;

    // Shows the pages of the answer to `take`, until that says false.
    virtual base::Result<void> search(const ipc::qmgr::Search& question,
                                      const std::function<bool(ipc::qmgr::Found&&)>& take) = 0;
    virtual base::Result<ipc::qmgr::Explanation> explain(const std::string& queue_id) = 0;
    // Nothing but the queue manager knows anything of destinations.
    virtual base::Result<ipc::qmgr::DestinationState>
    explain_address(const std::string& address) = 0;
    virtual base::Result<void> flush(const std::vector<ipc::qmgr::FilterTerm>& terms) = 0;
};

class QmgrAsking final : public Asking {
public:
    // `loop` outlives it.
    QmgrAsking(events::Loop& loop, std::string socket) : loop_(loop), qmgr_(loop, std::move(socket))
    {
    }
    // Whether a queue manager listens.
    bool connect();

    base::Result<void> search(const ipc::qmgr::Search& question,
                              const std::function<bool(ipc::qmgr::Found&&)>& take) override;
    base::Result<ipc::qmgr::Explanation> explain(const std::string& queue_id) override;
    base::Result<ipc::qmgr::DestinationState> explain_address(const std::string& address) override;
    base::Result<void> flush(const std::vector<ipc::qmgr::FilterTerm>& terms) override;

private:
    template <typename R> base::Result<typename R::Response> ask(const R& question);

    events::Loop& loop_;
    ipc::Client<ipc::qmgr::Protocol> qmgr_;
};

// For root and mail_owner, who may read the files.
class FileAsking final : public Asking {
public:
    // `directories` outlives it.
    explicit FileAsking(const queue::Directories& directories) : directories_(directories) {}

    base::Result<void> search(const ipc::qmgr::Search& question,
                              const std::function<bool(ipc::qmgr::Found&&)>& take) override;
    base::Result<ipc::qmgr::Explanation> explain(const std::string& queue_id) override;
    base::Result<ipc::qmgr::DestinationState> explain_address(const std::string& address) override;
    base::Result<void> flush(const std::vector<ipc::qmgr::FilterTerm>& terms) override;

private:
    const queue::Directories& directories_;
};

} // namespace search
