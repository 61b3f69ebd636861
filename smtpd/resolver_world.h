// SPDX-License-Identifier: Apache-2.0
// What access restrictions ask the world, asked of the resolver.
#pragma once

#include "lib/ipc/client.h"
#include "lib/ipc/messages/failures.h"
#include "lib/ipc/messages/resolver.h"
#include "smtpd/policy/engine.h"

namespace smtpd {

using ResolverClient = ipc::Client<ipc::resolver::Protocol>;
using FailuresClient = ipc::Client<ipc::failures::Protocol>;

// How long one answer of the resolver may take.
inline constexpr auto resolver_time = std::chrono::seconds(100);

class ResolverWorld final : public World {
public:
    // `failures`: who knows of suppressed addresses; null where there are none.
    ResolverWorld(ResolverClient& resolver, FailuresClient* failures)
        : resolver_(resolver), failures_(failures)
    {
    }

    base::Task<Existence> mail_domain(std::string domain) override;
    base::Task<Existence> host(std::string name) override;
    base::Task<void> wait(base::Duration duration) override;
    base::Task<std::string> suppressed(std::string address) override;

private:
    base::Task<Existence> exchangers(std::string name);
    base::Task<Existence> addresses(std::string name);

    ResolverClient& resolver_;
    FailuresClient* failures_;
};

} // namespace smtpd
