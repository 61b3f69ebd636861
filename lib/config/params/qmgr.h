// SPDX-License-Identifier: Apache-2.0
// Parameters of the queue manager. Those named default_* hold for every transport that has none of
// its own (TRANSPORT_destination_concurrency_limit, ...).
#pragma once

#include "lib/config/param_lists.h"
#include "lib/config/params/shared.h"

namespace config {

struct QmgrParams : ParamSet {
    Param<Int> message_active_limit{
        *this,
        {.name = "qmgr_message_active_limit",
         .value = "20000",
         .min = "1",
         .doc = "Messages in the active queue, at most: the bound on the queue manager's memory."}};
    Param<Int> message_recipient_limit{
        *this,
        {.name = "qmgr_message_recipient_limit",
         .value = "20000",
         .min = "1",
         .doc = "Recipients in memory, at most, and idle destinations that are remembered."}};
    Param<Int> message_recipient_minimum{
        *this,
        {.name = "qmgr_message_recipient_minimum",
         .value = "10",
         .min = "1",
         .doc = "Recipients of one message that are read into memory in any case."}};
    Param<Seconds> minimal_backoff_time{
        *this,
        {.name = "minimal_backoff_time",
         .value = "300s",
         .min = "1s",
         .doc = "The shortest pause before a deferred message is tried again, and how long an "
                "unreachable destination is left alone."}};
    Param<Seconds> maximal_backoff_time{
        *this,
        {.name = "maximal_backoff_time",
         .value = "4000s",
         .min = "1s",
         .doc = "The longest pause before a deferred message is tried again. Up to a quarter is "
                "added to every pause, so that retries do not come in waves."}};
    Param<Seconds> queue_run_delay{
        *this,
        {.name = "queue_run_delay",
         .value = "300s",
         .min = "1s",
         .doc = "How often the queue manager looks for deferred messages that are due."}};
    Param<Bool> soft_bounce{*this, shared::soft_bounce()};
    Param<Bool> confirm_delay_cleared{
        *this,
        {.name = "confirm_delay_cleared",
         .value = "no",
         .doc = "Whether senders who were told of a delay are told when the message has arrived "
                "after all."}};
    Param<Seconds> transport_retry_time{
        *this,
        {.name = "transport_retry_time",
         .value = "60s",
         .min = "1s",
         .doc = "How long a delivery agent that does not work is left alone."}};
    Param<Int> destination_concurrency_limit{
        *this,
        {.name = "default_destination_concurrency_limit",
         .value = "20",
         .min = "0",
         .doc = "Deliveries to one destination at a time, at most; 0: no limit."}};
    Param<Int> destination_recipient_limit{
        *this,
        {.name = "default_destination_recipient_limit",
         .value = "50",
         .min = "0",
         .doc = "Recipients in one delivery, at most. With 1, each recipient is a destination of "
                "its own."}};
    Param<Int> initial_destination_concurrency{
        *this,
        {.name = "initial_destination_concurrency",
         .value = "5",
         .min = "1",
         .doc = "Deliveries at a time to a destination that has just come up."}};
    Param<Text> default_filter_nexthop{
        *this,
        {.name = "default_filter_nexthop",
         .value = "",
         .doc = "The destination of a *content_filter* that names only its transport; empty: the "
                "recipient's domain."}};
    Param<Text> positive_feedback{
        *this,
        {.name = "default_destination_concurrency_positive_feedback",
         .value = "1",
         .doc = "How much a success widens a destination's window: a number of at most 1, "
                "1/concurrency or 1/sqrt_concurrency."}};
    Param<Text> negative_feedback{*this,
                                  {.name = "default_destination_concurrency_negative_feedback",
                                   .value = "1",
                                   .doc = "How much a failed connection narrows it."}};
    Param<Int> failed_cohort_limit{
        *this,
        {.name = "default_destination_concurrency_failed_cohort_limit",
         .value = "1",
         .min = "0",
         .doc = "After so many windows full of failures a destination counts as dead; 0: never."}};
    Param<Seconds> destination_rate_delay{
        *this,
        {.name = "default_destination_rate_delay",
         .value = "0s",
         .min = "0s",
         .doc =
             "Pause between deliveries to one destination; fractions such as 0.25s are allowed."}};
    Param<Seconds> transport_rate_delay{*this,
                                        {.name = "default_transport_rate_delay",
                                         .value = "0s",
                                         .min = "0s",
                                         .doc = "Pause between deliveries of one transport."}};
    Param<Int> delivery_slot_cost{
        *this,
        {.name = "default_delivery_slot_cost",
         .value = "5",
         .min = "0",
         .doc =
             "How many deliveries of a big message let one small message pass; 0: none passes."}};
    Param<Int> delivery_slot_loan{*this,
                                  {.name = "default_delivery_slot_loan",
                                   .value = "3",
                                   .min = "0",
                                   .doc = "Deliveries of that count that are advanced."}};
    Param<Int> delivery_slot_discount{*this,
                                      {.name = "default_delivery_slot_discount",
                                       .value = "50",
                                       .min = "0",
                                       .max = "100",
                                       .doc = "Percent of the cost at which a small message may "
                                              "pass already."}};
    Param<Int> minimum_delivery_slots{
        *this,
        {.name = "default_minimum_delivery_slots",
         .value = "3",
         .min = "0",
         .doc = "Messages with fewer deliveries than this never make room for others."}};
    Param<Int> recipient_limit{*this,
                               {.name = "default_recipient_limit",
                                .value = "20000",
                                .min = "1",
                                .doc = "Recipients in memory for one transport, at most."}};
    Param<Int> extra_recipient_limit{*this,
                                     {.name = "default_extra_recipient_limit",
                                      .value = "1000",
                                      .min = "0",
                                      .doc = "The same in addition, for small messages only."}};
    Param<Int> recipient_refill_limit{
        *this,
        {.name = "default_recipient_refill_limit",
         .value = "100",
         .min = "1",
         .doc = "How many recipients have gone before the next ones of a big message are read."}};
    Param<Seconds> recipient_refill_delay{
        *this,
        {.name = "default_recipient_refill_delay",
         .value = "5s",
         .min = "1s",
         .doc = "After this time the next ones are read in any case."}};
    Param<Text> pickup_service_name{*this, shared::pickup_service_name()};
};

} // namespace config
