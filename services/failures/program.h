// SPDX-License-Identifier: Apache-2.0
// The failures service put together: parameters to rules, the store once it is ours, the socket.
#pragma once

#include "lib/config/params/failures.h"
#include "lib/service/service.h"
#include "services/failures/server.h"

namespace failures {

class Program {
public:
    Program(service::Service& service, const config::FailuresParams& params);
    Program(const Program&) = delete;

    int run();

private:
    base::Task<void> open_store();
    base::Task<void> serve(base::Fd client);

    service::Service& service_;
    Store::Options options_;
    Server server_;
};

// What the parameters say; a name that is no class is logged.
Rules rules_of(const config::FailuresParams& params);

} // namespace failures
