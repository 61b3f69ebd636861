// SPDX-License-Identifier: Apache-2.0
// Commands to the queue manager; see commands.h.
#include "qmgr/commands.h"

namespace qmgr {

using base::Result;
using base::Task;
using namespace ipc::qmgr;

Commands::Commands(Manager& manager, uid_t peer, uid_t owner)
    : manager_(manager), trusted_(peer == 0 || peer == owner)
{
}

bool Commands::permits(std::string_view message) const
{
    return trusted_ || message != ChangeMessage::name;
}

Task<Result<void>> Commands::on(Arrived arrived)
{
    manager_.arrived(arrived.queue_id);
    co_return Result<void>{};
}

Task<Result<Count>> Commands::on(Wake)
{
    manager_.wakeup();
    manager_.look_again();
    co_return Count{};
}

Task<Result<Count>> Commands::on(FlushAll)
{
    co_return Count{manager_.flush_all()};
}

Task<Result<Count>> Commands::on(FlushMessage flush)
{
    if (!mail::is_queue_id(flush.queue_id))
        co_return base::permanent("not a queue id");
    co_return Count{manager_.flush_message(flush.queue_id) ? 1u : 0u};
}

Task<Result<Count>> Commands::on(FlushSite flush)
{
    co_return Count{manager_.flush_site(flush.site)};
}

Task<Result<Changed>> Commands::on(ChangeMessage change)
{
    if (!mail::is_queue_id(change.queue_id))
        co_return base::permanent("not a queue id");
    co_return Changed{manager_.change(change.queue_id, change.change)};
}

Task<Result<Found>> Commands::on(Search search)
{
    co_await manager_.question_turn();
    auto begun = manager_.begin_search(search);
    if (!begun)
        co_return begun.error();
    search_ = std::move(*begun);
    co_return manager_.search_page(*search_);
}

Task<Result<Found>> Commands::on(SearchMore)
{
    co_await manager_.question_turn();
    if (search_ == nullptr)
        co_return base::permanent("no search is under way");
    co_return manager_.search_page(*search_);
}

Task<Result<Count>> Commands::on(FlushMatching flush)
{
    auto begun = manager_.flush_matching(flush.terms);
    if (!begun)
        co_return begun.error();
    co_return Count{1};
}

Task<Result<Explanation>> Commands::on(Explain explain)
{
    co_await manager_.question_turn();
    if (!mail::is_queue_id(explain.queue_id))
        co_return base::permanent("not a queue id");
    co_return co_await manager_.explain(std::move(explain.queue_id));
}

Task<Result<DestinationState>> Commands::on(ExplainAddress explain)
{
    co_await manager_.question_turn();
    co_return co_await manager_.explain_address(std::move(explain.address));
}

} // namespace qmgr
