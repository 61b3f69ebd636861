// SPDX-License-Identifier: Apache-2.0
// Asking the queue manager, or the files; see asking.h.
#include "lib/search/asking.h"

#include "lib/search/explain.h"

namespace search {

using ipc::qmgr::Found;

namespace {

constexpr auto connect_patience = std::chrono::seconds(30);
constexpr auto answer_patience = std::chrono::minutes(10);
constexpr auto page_patience = std::chrono::milliseconds(100); // Nobody else waits for us.

base::Task<void> connect_to(ipc::Caller& qmgr, bool& up)
{
    auto connected = co_await qmgr.connect(qmgr.loop().clock().after(connect_patience));
    up = connected.ok();
}

template <typename R>
base::Task<void> ask_one(ipc::Client<ipc::qmgr::Protocol>& qmgr, const R& question,
                         base::Result<typename R::Response>& answer)
{
    answer = co_await qmgr.call_kept(question, qmgr.loop().clock().after(answer_patience));
}

void run(events::Loop& loop, base::Task<void> task)
{
    base::Scope scope;
    scope.spawn(std::move(task));
    while (!scope.empty())
        loop.turn(std::chrono::seconds(1));
}

} // namespace

bool QmgrAsking::connect()
{
    bool up = false;
    run(loop_, connect_to(qmgr_, up));
    return up;
}

template <typename R> base::Result<typename R::Response> QmgrAsking::ask(const R& question)
{
    base::Result<typename R::Response> answer = base::temporary("not asked");
    run(loop_, ask_one(qmgr_, question, answer));
    return answer;
}

base::Result<void> QmgrAsking::search(const ipc::qmgr::Search& question,
                                      const std::function<bool(Found&&)>& take)
{
    auto found = ask(question);
    while (found) {
        const bool complete = found->complete;
        if (!take(std::move(*found)) || complete)
            return {};
        found = ask(ipc::qmgr::SearchMore{});
    }
    return found.error();
}

base::Result<ipc::qmgr::Explanation> QmgrAsking::explain(const std::string& queue_id)
{
    return ask(ipc::qmgr::Explain{queue_id});
}

base::Result<ipc::qmgr::DestinationState> QmgrAsking::explain_address(const std::string& address)
{
    return ask(ipc::qmgr::ExplainAddress{address});
}

base::Result<void> QmgrAsking::flush(const std::vector<ipc::qmgr::FilterTerm>& terms)
{
    auto begun = ask(ipc::qmgr::FlushMatching{terms});
    return begun ? base::Result<void>{} : base::Result<void>(begun.error());
}

base::Result<void> FileAsking::search(const ipc::qmgr::Search& question,
                                      const std::function<bool(Found&&)>& take)
{
    const base::SystemClock clock;
    auto inquiry = Inquiry::begin(question, directories_, clock.wall());
    if (!inquiry)
        return inquiry.error();
    while (true) {
        auto found = (*inquiry)->page(nullptr, clock, page_patience);
        if (!found)
            return found.error();
        const bool complete = found->complete;
        if (!take(std::move(*found)) || complete)
            return {};
    }
}

base::Result<ipc::qmgr::Explanation> FileAsking::explain(const std::string& queue_id)
{
    return search::explain(directories_, queue_id);
}

base::Result<ipc::qmgr::DestinationState> FileAsking::explain_address(const std::string&)
{
    return ipc::qmgr::DestinationState{};
}

base::Result<void> FileAsking::flush(const std::vector<ipc::qmgr::FilterTerm>&)
{
    return base::temporary("mail system is down");
}

} // namespace search
