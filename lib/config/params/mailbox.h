// SPDX-License-Identifier: Apache-2.0
// Parameters of deliveries on this host that local(8), virtual(8) and pipe(8) share.
#pragma once

#include "lib/config/param.h"

namespace config {

// Mailbox files.
struct MailboxParams : ParamSet {
    Param<Int> deliver_lock_attempts{
        *this,
        {.name = "deliver_lock_attempts",
         .value = "20",
         .min = "1",
         .doc = "How often a lock on a mailbox file is tried before the delivery is deferred."}};
    Param<Seconds> deliver_lock_delay{
        *this,
        {.name = "deliver_lock_delay",
         .value = "1s",
         .min = "1s",
         .doc = "The pause between two attempts; it varies by half."}};
    Param<Seconds> stale_lock_time{
        *this,
        {.name = "stale_lock_time",
         .value = "500s",
         .min = "1s",
         .doc =
             "A lock file of this age is taken for that of a program that is gone, and removed."}};
    Param<Bool> strict_mailbox_ownership{
        *this,
        {.name = "strict_mailbox_ownership",
         .value = "yes",
         .doc = "Defers mail for a mailbox file that does not belong to its recipient."}};
};

// Commands.
struct CommandParams : ParamSet {
    Param<Seconds> command_time_limit{
        *this,
        {.name = "command_time_limit",
         .value = "1000s",
         .min = "1s",
         .doc = "How long a command may take that mail is given to; after that it is killed with "
                "all that it started, and the mail is returned."}};
    Param<List> export_environment{
        *this,
        {.name = "export_environment",
         .value = "TZ MAIL_CONFIG LANG",
         .doc = "The environment variables that commands get, as NAME, NAME=value or {NAME = "
                "value}. There is nothing else in their environment but a PATH of the system's and "
                "what the delivery agent's manual page names."}};
};

} // namespace config
