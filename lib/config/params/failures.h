// SPDX-License-Identifier: Apache-2.0
// Parameters of the failures service: how failures are counted, and what follows from them.
#pragma once

#include <array>

#include "lib/config/param_lists.h"

namespace config {

enum class SuppressionAction : std::uint8_t { Hold, Return };
constexpr auto choice_table(SuppressionAction)
{
    using enum SuppressionAction;
    return std::to_array<ChoiceName<SuppressionAction>>({{"hold", Hold}, {"return", Return}});
}

// For those who see failures first: the queue manager, and local, whose aliases and lists can fail
// in part.
struct FailureClassParams : ParamSet {
    Param<Tables> failure_class_maps{
        *this,
        {.name = "failure_class_maps",
         .value = "",
         .doc =
             "Tables that say of which class a failure is (bad-address, mailbox-full, blocked, "
             "policy, content, network, dns, tls, loop, auto-reply, unknown), followed by (hard) "
             "or (soft), before the built-in rules are asked. Patterns see \"CODE DSN TEXT\" "
             "with - in place of CODE where no server replied; other tables are asked for that, "
             "\"CODE-DSN\", DSN and CODE. See failure_classes(5)."}};
};

// For those who ask it: smtpd and the queue manager.
struct SuppressionParams : ParamSet {
    Param<Bool> failure_suppression{
        *this,
        {.name = "failure_suppression",
         .value = "no",
         .doc =
             "Send nothing to addresses at other hosts that are known to be bad: smtpd refuses "
             "them with \"550 5.1.1\", the queue manager holds or returns what comes in otherwise "
             "(failure_suppression_action). See failure_suppression_classes and \"postfix "
             "bounces\"."}};
    Param<Choice<SuppressionAction>> failure_suppression_action{
        *this,
        {.name = "failure_suppression_action",
         .value = "hold",
         .doc = "What becomes of mail to a suppressed address that smtpd did not refuse, because "
                "it was submitted on this host or an alias leads there: hold puts the message into "
                "the hold queue once its other recipients are done with, until it is released and "
                "the address is cleared (\"postfix bounces clear\"); return sends it back."}};
};

struct FailuresParams : SuppressionParams {
    Param<Int> soft_limit{*this,
                          {.name = "failure_soft_limit",
                           .value = "5",
                           .min = "1",
                           .doc = "So many messages in a row with soft failures count as a hard "
                                  "failure of the address or domain. A success begins anew."}};
    Param<Bool> class_log{
        *this,
        {.name = "failure_class_log",
         .value = "yes",
         .doc = "Log the class of each failed attempt, in a line of its own under the name "
                "failures. Lines of deliveries are as in other Postfix systems in any case."}};
    Param<List> suppression_classes{
        *this,
        {.name = "failure_suppression_classes",
         .value = "bad-address",
         .doc = "Classes of failure (failure_classes(5)) that suppress an address: when the "
                "latest failure is of one of them, and hard or counted as hard."}};
    Param<Seconds> expire_time{*this,
                               {.name = "failure_expire_time",
                                .value = "30d",
                                .min = "1s",
                                .doc = "An address or domain is forgotten so long after its latest "
                                       "failure; a suppressed one is tried again then."}};
    Param<Int> entry_limit{*this,
                           {.name = "failure_entry_limit",
                            .value = "100000",
                            .min = "100",
                            .max = "10000000",
                            .doc = "Addresses and domains that are remembered, at most. The one "
                                   "whose latest failure is the oldest is forgotten first."}};
};

} // namespace config
