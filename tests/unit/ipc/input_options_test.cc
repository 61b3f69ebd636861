// SPDX-License-Identifier: Apache-2.0
// receive_override_options on the way to cleanup.
#include "lib/ipc/input_options.h"

#include <gtest/gtest.h>

#include "lib/ipc/messages/cleanup.h"

namespace ipc {
namespace {

using config::InputOption;

TEST(InputOptions, BecomeWhatCleanupLeavesOut)
{
    EXPECT_EQ(cleanup_options({}), 0u);
    EXPECT_EQ(cleanup_options({InputOption::NoUnknownRecipientChecks}), 0u);
    EXPECT_EQ(cleanup_options({InputOption::NoMilters, InputOption::NoAddressMappings}),
              cleanup::option::no_milters | cleanup::option::no_address_mappings);
    EXPECT_EQ(cleanup_options({InputOption::NoHeaderBodyChecks}),
              cleanup::option::no_header_body_checks);
}

} // namespace
} // namespace ipc
