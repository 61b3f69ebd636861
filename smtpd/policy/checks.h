// SPDX-License-Identifier: Apache-2.0
// The restrictions' functions, one each; postconf(5) and access(5) tell what they mean. Each has
// its words in lib/policy/restrictions.h and a row in checks.cc; the compiler compares the two.
#pragma once

#include "smtpd/policy/engine.h"

namespace smtpd {

using Check = base::Task<Decision> (*)(Evaluation& evaluation, const Item& item);

// Never null: lists with what this release lacks are not read.
Check check_of(const policy::Restriction& restriction);

} // namespace smtpd

namespace smtpd::check {

using Step = base::Task<Decision>;

// general.cc
Step never(Evaluation& evaluation, const Item& item); // What cannot come true in this release.
Step permit(Evaluation& evaluation, const Item& item);
Step reject(Evaluation& evaluation, const Item& item);
Step defer(Evaluation& evaluation, const Item& item);
Step defer_if_permit(Evaluation& evaluation, const Item& item);
Step defer_if_reject(Evaluation& evaluation, const Item& item);
Step sleep(Evaluation& evaluation, const Item& item);
Step reject_unauth_pipelining(Evaluation& evaluation, const Item& item);
Step reject_plaintext_session(Evaluation& evaluation, const Item& item);
Step reject_multi_recipient_bounce(Evaluation& evaluation, const Item& item);

// client.cc
Step permit_mynetworks(Evaluation& evaluation, const Item& item);
Step permit_inet_interfaces(Evaluation& evaluation, const Item& item);
Step reject_unknown_client_hostname(Evaluation& evaluation, const Item& item);
Step reject_unknown_reverse_client_hostname(Evaluation& evaluation, const Item& item);

// helo.cc
Step reject_invalid_helo_hostname(Evaluation& evaluation, const Item& item);
Step reject_non_fqdn_helo_hostname(Evaluation& evaluation, const Item& item);
Step reject_unknown_helo_hostname(Evaluation& evaluation, const Item& item);

// addresses.cc
Step permit_auth_destination(Evaluation& evaluation, const Item& item);
Step reject_unauth_destination(Evaluation& evaluation, const Item& item);
Step defer_unauth_destination(Evaluation& evaluation, const Item& item);
Step reject_unlisted_sender(Evaluation& evaluation, const Item& item);
Step reject_unlisted_recipient(Evaluation& evaluation, const Item& item);
Step reject_non_fqdn_sender(Evaluation& evaluation, const Item& item);
Step reject_non_fqdn_recipient(Evaluation& evaluation, const Item& item);
Step reject_unknown_sender_domain(Evaluation& evaluation, const Item& item);
Step reject_unknown_recipient_domain(Evaluation& evaluation, const Item& item);

// access.cc
Step check_client_access(Evaluation& evaluation, const Item& item);
Step check_reverse_client_hostname_access(Evaluation& evaluation, const Item& item);
Step check_helo_access(Evaluation& evaluation, const Item& item);
Step check_sender_access(Evaluation& evaluation, const Item& item);
Step check_recipient_access(Evaluation& evaluation, const Item& item);
Step check_etrn_access(Evaluation& evaluation, const Item& item);

} // namespace smtpd::check
