// SPDX-License-Identifier: Apache-2.0
// News for the queue manager; see qmgr_news.h.
#include "cleanup/qmgr_news.h"

namespace cleanup {

static constexpr std::size_t untold_limit = 1000;
static constexpr auto connect_time = std::chrono::seconds(5);

void QmgrNews::arrived(std::string queue_id)
{
    if (client_.connected() && client_.post(ipc::qmgr::Arrived{queue_id}))
        return;
    if (untold_.size() < untold_limit)
        untold_.push_back(std::move(queue_id));
    if (connecting_.empty())
        connecting_.spawn(connect_and_tell());
}

base::Task<void> QmgrNews::connect_and_tell()
{
    auto up = co_await client_.connect(client_.loop().clock().after(connect_time));
    if (up) {
        for (auto& id : untold_)
            client_.post(ipc::qmgr::Arrived{std::move(id)});
    }
    untold_.clear();
}

} // namespace cleanup
