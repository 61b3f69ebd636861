// SPDX-License-Identifier: Apache-2.0
// Outcomes of deliveries on this host: made from a status code and a text, and carried from a child
// to its daemon.
#pragma once

#include <functional>
#include <string>

#include "lib/delivery/child.h"
#include "lib/mail/outcome.h"

namespace delivery {

// Sent, deferred or bounced, as the class of `dsn` says; anything but 2, 4 and 5 is deferred.
mail::Outcome outcome_of(std::string dsn, std::string text);

// For results of run_as().
std::string encode_outcome(const mail::Outcome& outcome);
base::Result<mail::Outcome> decode_outcome(std::string_view bytes);

// run_as() with work that settles one recipient. Whatever goes wrong with the child is a deferral
// (4.3.0). The same rule: both arguments have names.
base::Task<mail::Outcome> deliver_as(events::Loop& loop, ChildSetup setup,
                                     std::function<mail::Outcome()> work);

} // namespace delivery
