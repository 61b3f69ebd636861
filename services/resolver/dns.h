// SPDX-License-Identifier: Apache-2.0
// DNS questions, by libunbound on our loop: cache, retries, TCP fallback, validation.
#pragma once

#include <string>

#include "lib/base/task.h"
#include "lib/config/params/resolver.h"
#include "lib/event/loop.h"
#include "lib/ipc/messages/resolver.h"

struct ub_ctx;

namespace resolver {

// Whoever answers DNS questions; tests have their own.
class Questions {
public:
    virtual ~Questions() = default;
    // Never fails: what goes wrong is the answer's status and text.
    virtual base::Task<ipc::resolver::Answer> ask(std::string domain, std::uint16_t type) = 0;
};

class Dns final : public Questions {
public:
    // Every fault of the parameters ends the process with one line.
    Dns(events::Loop& loop, const config::ResolverParams& params);
    Dns(const Dns&) = delete;
    Dns& operator=(const Dns&) = delete;
    ~Dns() override;

    base::Task<ipc::resolver::Answer> ask(std::string domain, std::uint16_t type) override;

private:
    class Question;
    void configure(const config::ResolverParams& params);
    void settle_configuration();

    events::Loop& loop_;
    base::Duration timeout_;
    ub_ctx* context_ = nullptr;
};

} // namespace resolver
