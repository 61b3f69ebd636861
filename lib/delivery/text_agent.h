// SPDX-License-Identifier: Apache-2.0
// Agents that deliver nowhere: every recipient gets the same outcome, and the next hop is its text.
#pragma once

#include <string>

#include "lib/delivery/agent.h"

namespace delivery {

class TextAgent final : public Agent {
public:
    // `dsn`: the status code of texts that bring none.
    TextAgent(mail::Status status, std::string dsn) : status_(status), dsn_(std::move(dsn)) {}

    base::Task<void> deliver(Delivery& delivery) override;

private:
    mail::Status status_;
    std::string dsn_;
};

} // namespace delivery
