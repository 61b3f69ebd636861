// SPDX-License-Identifier: Apache-2.0
// The anvil service; see server.h.
#include "services/anvil/server.h"

namespace anvil {

using base::Result;
using base::Task;
using ipc::anvil::Usage;

Session::~Session()
{
    for (const auto& [client, sessions] : open_)
        for (std::uint32_t i = 0; i < sessions; ++i)
            counters_.disconnect(client);
}

Task<Result<Usage>> Session::on(ipc::anvil::Connect connect)
{
    if (connect.client.size() > client_name_limit)
        co_return base::permanent("the client's name is too long");
    ++open_[connect.client];
    co_return counters_.connect(connect.client);
}

Task<Result<Usage>> Session::on(ipc::anvil::Count count)
{
    if (count.client.size() > client_name_limit)
        co_return base::permanent("the client's name is too long");
    co_return counters_.count(count.client, count.event);
}

Task<Result<void>> Session::on(ipc::anvil::Disconnect disconnect)
{
    auto found = open_.find(disconnect.client);
    if (found == open_.end())
        co_return Result<void>{}; // It began before us: our predecessor was killed meanwhile.
    counters_.disconnect(disconnect.client);
    if (--found->second == 0)
        open_.erase(found);
    co_return Result<void>{};
}

} // namespace anvil
