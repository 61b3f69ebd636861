// SPDX-License-Identifier: Apache-2.0
// The failures service: takes the queue manager's news into the store, and answers about it.
#pragma once

#include <memory>

#include "lib/ipc/server.h"
#include "services/failures/ledger.h"
#include "services/failures/store.h"

namespace failures {

class Server {
public:
    // `clock` outlives the server.
    Server(Rules rules, const base::Clock& clock) : rules_(std::move(rules)), clock_(clock) {}

    // Until then questions are answered by a temporary error: an earlier process has the store.
    void use(std::unique_ptr<Store> store) { store_ = std::move(store); }
    void close() { store_.reset(); }

    base::Task<base::Result<ipc::failures::Noted>> on(ipc::failures::Note note);
    base::Task<base::Result<ipc::failures::Verdict>> on(ipc::failures::Ask ask);
    base::Task<base::Result<ipc::failures::Entries>> on(ipc::failures::List list);
    base::Task<base::Result<ipc::failures::Known>> on(ipc::failures::Recall recall);
    base::Task<base::Result<ipc::failures::Cleared>> on(ipc::failures::Clear clear);

private:
    base::Result<void> take(const Event& event, Changes& changes) const;
    base::Result<void> change(const std::string& subject, const Event& event,
                              Changes& changes) const;
    base::Result<std::vector<Entry>> next(const std::string& after) const;

    Rules rules_;
    const base::Clock& clock_;
    std::unique_ptr<Store> store_;
};

} // namespace failures
