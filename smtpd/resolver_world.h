// SPDX-License-Identifier: Apache-2.0
// What access restrictions ask the world, asked of the resolver.
#pragma once

#include "lib/ipc/client.h"
#include "lib/ipc/messages/resolver.h"
#include "smtpd/policy/engine.h"

namespace smtpd {

using ResolverClient = ipc::Client<ipc::resolver::Protocol>;

// How long one answer of the resolver may take.
inline constexpr auto resolver_time = std::chrono::seconds(100);

class ResolverWorld final : public World {
public:
    explicit ResolverWorld(ResolverClient& resolver) : resolver_(resolver) {}

    base::Task<Existence> mail_domain(std::string domain) override;
    base::Task<Existence> host(std::string name) override;
    base::Task<void> wait(base::Duration duration) override;

private:
    base::Task<Existence> exchangers(std::string name);
    base::Task<Existence> addresses(std::string name);

    ResolverClient& resolver_;
};

} // namespace smtpd
