// SPDX-License-Identifier: Apache-2.0
// Asking the resolver process; see resolver.h.
#include "lib/delivery/resolver.h"

#include "lib/base/log.h"

namespace delivery {

using ipc::resolver::Answer;

namespace {

// More than the resolver itself allows a question (resolver_timeout), so that it is the one that
// says why.
constexpr auto answer_time = std::chrono::seconds(120);

Answer answer_of(base::Result<Answer> result)
{
    if (result)
        return std::move(*result);
    Answer failed;
    failed.text = result.error().text;
    base::Log{}.warning("resolver: ", failed.text);
    return failed;
}

} // namespace

base::Task<Answer> ResolverClient::query(std::string domain, ipc::resolver::Type type)
{
    ipc::resolver::Query question{std::move(domain), static_cast<std::uint16_t>(type)};
    auto answer = co_await client_.call(question, client_.loop().clock().after(answer_time));
    co_return answer_of(std::move(answer));
}

base::Task<Answer> ResolverClient::host(ipc::resolver::HostQuery query)
{
    auto answer = co_await client_.call(query, client_.loop().clock().after(answer_time));
    co_return answer_of(std::move(answer));
}

} // namespace delivery
