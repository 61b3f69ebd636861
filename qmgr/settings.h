// SPDX-License-Identifier: Apache-2.0
// What the scheduler is told by the configuration: one TransportSettings per transport, already
// resolved from <transport>_* and default_*, and the limits of the whole queue manager.
#pragma once

#include <string_view>

#include "lib/base/clock.h"
#include "qmgr/window.h"

namespace qmgr {

struct TransportSettings {
    // Deliveries that the agents of this transport take side by side: workers times clients per
    // worker. At least 1.
    int capacity = 100;

    int destination_recipient_limit = 50;   // 1: each recipient is a destination. 0: no limit.
    int destination_concurrency_limit = 20; // 0: no limit.
    int initial_destination_concurrency = 5;
    Feedback positive_feedback;
    Feedback negative_feedback;
    int failed_cohort_limit = 1; // 0: never declare a destination dead.

    base::Duration destination_rate_delay{0};
    base::Duration transport_rate_delay{0};

    int delivery_slot_cost = 5; // 0: mail goes in order of arrival, whatever its size.
    int delivery_slot_loan = 3;
    int delivery_slot_discount = 50; // Percent.
    int minimum_delivery_slots = 3;

    int recipient_limit = 20'000;      // In memory, for this transport.
    int extra_recipient_limit = 1'000; // In addition, for small messages only.
    int recipient_refill_limit = 100;
    base::Duration recipient_refill_delay = std::chrono::seconds(5);
};

struct QueueLimits {
    int message_active_limit = 20'000;
    // Recipients in memory; also how many idle destinations are remembered.
    int message_recipient_limit = 20'000;
    int message_recipient_minimum = 10;
    base::Duration minimal_backoff_time = std::chrono::seconds(300);
    base::Duration maximal_backoff_time = std::chrono::seconds(4'000);
    base::Duration transport_retry_time = std::chrono::seconds(60);
};

// Asked once for each transport name, when it is first used.
class TransportCatalog {
public:
    virtual ~TransportCatalog() = default;
    virtual TransportSettings settings(std::string_view transport) = 0;
};

} // namespace qmgr
