// SPDX-License-Identifier: Apache-2.0
// The name service as delivery agents see it: an interface, and the client of the resolver process
// behind it.
#pragma once

#include <string>

#include "lib/base/task.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/resolver.h"

namespace delivery {

class Resolver {
public:
    virtual ~Resolver() = default;
    // Neither fails: trouble on the way is a temporary failure with a text.
    virtual base::Task<ipc::resolver::Answer> query(std::string domain,
                                                    ipc::resolver::Type type) = 0;
    virtual base::Task<ipc::resolver::Answer> host(ipc::resolver::HostQuery query) = 0;
};

class ResolverClient final : public Resolver {
public:
    explicit ResolverClient(events::Loop& loop) : client_(loop, "private/resolver") {}

    base::Task<ipc::resolver::Answer> query(std::string domain, ipc::resolver::Type type) override;
    base::Task<ipc::resolver::Answer> host(ipc::resolver::HostQuery query) override;

private:
    ipc::Client<ipc::resolver::Protocol> client_;
};

} // namespace delivery
