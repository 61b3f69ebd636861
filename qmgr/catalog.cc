// SPDX-License-Identifier: Apache-2.0
// Transport settings; see catalog.h.
#include "qmgr/catalog.h"

#include <limits>

#include "lib/base/log.h"

namespace qmgr {

namespace {

// What differs from default_* where main.cf says nothing.
struct BuiltIn {
    std::string_view name;
    std::string_view value;
};
constexpr BuiltIn built_in[] = {{"local_destination_concurrency_limit", "2"},
                                {"local_destination_recipient_limit", "1"}};

// Deliveries side by side that a transport is asked for at most; what its workers really take is
// their announcement, and the rest waits for them.
constexpr int transport_capacity = 500;

} // namespace

Catalog::Catalog(const config::MainCf& main, const config::QmgrParams& params)
    : main_(main), params_(params)
{
}

std::string Catalog::text(std::string_view transport, std::string_view suffix) const
{
    std::string name = base::cat(transport, "_", suffix);
    if (main_.find(name) != nullptr) {
        auto value = main_.expanded(name);
        if (value)
            return *value;
        base::Log{}.warning(name, ": ", value.error().text);
    }
    for (const auto& entry : built_in) {
        if (entry.name == name)
            return std::string(entry.value);
    }
    return {};
}

std::int64_t Catalog::number(std::string_view transport, std::string_view suffix,
                             const config::Param<config::Int>& otherwise) const
{
    std::string value = text(transport, suffix), why;
    std::int64_t number = 0, least = 0;
    if (value.empty())
        return otherwise();
    if (otherwise.spec().min != nullptr)
        config::Int::parse(otherwise.spec().min, least, why);
    bool good = config::Int::parse(value, number, why) && number >= least &&
                number <= std::numeric_limits<int>::max();
    if (good)
        return number;
    base::Log{}.warning(transport, "_", suffix, ": bad value: ", value);
    return otherwise();
}

base::Duration Catalog::time(std::string_view transport, std::string_view suffix,
                             const config::Param<config::Seconds>& otherwise) const
{
    std::string value = text(transport, suffix), why;
    base::Duration wait{};
    if (value.empty())
        return otherwise();
    if (config::Seconds::parse(value, wait, why) && wait >= base::Duration{0})
        return wait;
    base::Log{}.warning(transport, "_", suffix, ": bad value: ", value);
    return otherwise();
}

Feedback Catalog::feedback(std::string_view transport, std::string_view suffix,
                           const config::Param<config::Text>& otherwise) const
{
    std::string value = text(transport, suffix);
    auto parsed = Feedback::parse(value.empty() ? otherwise() : value);
    if (parsed)
        return *parsed;
    base::Log{}.warning(transport, "_", suffix, ": ", parsed.error().text);
    return {};
}

TransportSettings Catalog::settings(std::string_view t)
{
    const auto& p = params_;
    auto count = [&](std::string_view suffix, const config::Param<config::Int>& otherwise) {
        return static_cast<int>(number(t, suffix, otherwise));
    };
    TransportSettings s;
    s.capacity = transport_capacity;
    s.destination_recipient_limit =
        count("destination_recipient_limit", p.destination_recipient_limit);
    s.destination_concurrency_limit =
        count("destination_concurrency_limit", p.destination_concurrency_limit);
    s.initial_destination_concurrency =
        count("initial_destination_concurrency", p.initial_destination_concurrency);
    s.positive_feedback =
        feedback(t, "destination_concurrency_positive_feedback", p.positive_feedback);
    s.negative_feedback =
        feedback(t, "destination_concurrency_negative_feedback", p.negative_feedback);
    s.failed_cohort_limit =
        count("destination_concurrency_failed_cohort_limit", p.failed_cohort_limit);
    s.destination_rate_delay = time(t, "destination_rate_delay", p.destination_rate_delay);
    s.transport_rate_delay = time(t, "transport_rate_delay", p.transport_rate_delay);
    s.delivery_slot_cost = count("delivery_slot_cost", p.delivery_slot_cost);
    s.delivery_slot_loan = count("delivery_slot_loan", p.delivery_slot_loan);
    s.delivery_slot_discount = count("delivery_slot_discount", p.delivery_slot_discount);
    s.minimum_delivery_slots = count("minimum_delivery_slots", p.minimum_delivery_slots);
    s.recipient_limit = count("recipient_limit", p.recipient_limit);
    s.extra_recipient_limit = count("extra_recipient_limit", p.extra_recipient_limit);
    s.recipient_refill_limit = count("recipient_refill_limit", p.recipient_refill_limit);
    s.recipient_refill_delay = time(t, "recipient_refill_delay", p.recipient_refill_delay);
    return s;
}

QueueLimits queue_limits(const config::QmgrParams& params)
{
    QueueLimits limits;
    limits.message_active_limit = static_cast<int>(params.message_active_limit());
    limits.message_recipient_limit = static_cast<int>(params.message_recipient_limit());
    limits.message_recipient_minimum = static_cast<int>(params.message_recipient_minimum());
    limits.minimal_backoff_time = params.minimal_backoff_time();
    limits.maximal_backoff_time = params.maximal_backoff_time();
    limits.transport_retry_time = params.transport_retry_time();
    return limits;
}

RetryTimes retry_times(const config::QmgrParams& params, const config::LifetimeParams& lifetime)
{
    return {params.minimal_backoff_time(), params.maximal_backoff_time(),
            lifetime.maximal_queue_lifetime(), lifetime.bounce_queue_lifetime()};
}

} // namespace qmgr
