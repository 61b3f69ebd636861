// SPDX-License-Identifier: Apache-2.0
// Inquiry: one search and its answer, page by page. The queue manager makes the pages for a
// connection; commands make them for themselves when no queue manager runs.
#pragma once

#include <memory>

#include "lib/base/clock.h"
#include "lib/ipc/messages/qmgr.h"
#include "lib/search/finder.h"
#include "lib/search/groups.h"

namespace search {

// A permanent error: the terms make no filter.
base::Result<Filter> filter_of(const std::vector<ipc::qmgr::FilterTerm>& terms, base::WallTime now);
std::vector<ipc::qmgr::FilterTerm> wire_terms(std::span<const Term> terms);

class Inquiry {
public:
    // `directories` outlives it. A permanent error: the question makes no sense.
    static base::Result<std::unique_ptr<Inquiry>> begin(const ipc::qmgr::Search& question,
                                                        const queue::Directories& directories,
                                                        base::WallTime now);
    Inquiry(Filter filter, const queue::Directories& directories,
            const ipc::qmgr::Search& question);
    Inquiry(const Inquiry&) = delete;

    // The next page: what is found within `patience`, and no more than fits a page. It may be empty
    // without being the last. Files that cannot be read are logged and left out.
    base::Result<ipc::qmgr::Found> page(const queue::Index* index, const base::Clock& clock,
                                        base::Duration patience);

private:
    struct Page;
    bool take(Page& page, const queue::IndexEntry& entry) const;

    Filter filter_;
    ipc::qmgr::Wanted wanted_;
    GroupBy by_;
    Finder finder_;
};

} // namespace search
