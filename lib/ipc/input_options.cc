// SPDX-License-Identifier: Apache-2.0
// What cleanup is to leave out; see input_options.h.
#include "lib/ipc/input_options.h"

#include "lib/ipc/messages/cleanup.h"

namespace ipc {

std::uint32_t cleanup_options(const std::vector<config::InputOption>& left_out)
{
    namespace option = ipc::cleanup::option;
    std::uint32_t bits = 0;
    for (config::InputOption one : left_out) {
        switch (one) {
        case config::InputOption::NoUnknownRecipientChecks: break; // smtpd's access policy's.
        case config::InputOption::NoAddressMappings: bits |= option::no_address_mappings; break;
        case config::InputOption::NoHeaderBodyChecks: bits |= option::no_header_body_checks; break;
        case config::InputOption::NoMilters: bits |= option::no_milters; break;
        }
    }
    return bits;
}

} // namespace ipc
