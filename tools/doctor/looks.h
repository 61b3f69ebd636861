// SPDX-License-Identifier: Apache-2.0
// The functions of the table of checks. Each adds at least one finding; none takes longer than a
// few times doctor_timeout.
#pragma once

#include "tools/doctor/examination.h"

namespace doctor {

base::Task<void> look_at_processes(const Examination& examination, Findings& findings);
base::Task<void> look_at_configuration(const Examination& examination, Findings& findings);
base::Task<void> look_at_names(const Examination& examination, Findings& findings);
base::Task<void> look_at_greeting(const Examination& examination, Findings& findings);
base::Task<void> look_at_queue(const Examination& examination, Findings& findings);

base::Task<void> look_at_relaying(const Examination& examination, Findings& findings);
base::Task<void> look_at_networks(const Examination& examination, Findings& findings);

base::Task<void> look_at_disk(const Examination& examination, Findings& findings);
base::Task<void> look_at_permissions(const Examination& examination, Findings& findings);
base::Task<void> look_at_jails(const Examination& examination, Findings& findings);
base::Task<void> look_at_clock(const Examination& examination, Findings& findings);
base::Task<void> look_at_certificates(const Examination& examination, Findings& findings);
base::Task<void> look_at_backup(const Examination& examination, Findings& findings);
base::Task<void> look_at_ipv6(const Examination& examination, Findings& findings);

base::Task<void> look_at_addresses(const Examination& examination, Findings& findings);
base::Task<void> look_at_exchangers(const Examination& examination, Findings& findings);
base::Task<void> look_at_spf(const Examination& examination, Findings& findings);
base::Task<void> look_at_dkim(const Examination& examination, Findings& findings);
base::Task<void> look_at_dmarc(const Examination& examination, Findings& findings);
base::Task<void> look_at_mta_sts(const Examination& examination, Findings& findings);

base::Task<void> look_at_outbound(const Examination& examination, Findings& findings);
base::Task<void> look_at_dns_lists(const Examination& examination, Findings& findings);

} // namespace doctor
