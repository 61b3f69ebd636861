// SPDX-License-Identifier: Apache-2.0
// The environment of daemons.
#include "master/environment.h"

#include <algorithm>
#include <gtest/gtest.h>

TEST(WorkerEnvironment, HasWhatIsImportedAndNothingElse)
{
    const char* ours[] = {"TZ=UTC", "LD_PRELOAD=/evil.so", "PATH=/evil", "TZX=no", nullptr};
    auto made = master::worker_environment(
        {"TZ", "LANG=C", "{ A = b c }", "PATH", "MAIL_CONFIG=/else", "MISSING"}, "/etc/mail", ours);
    auto has = [&](const char* text) {
        return std::find(made.begin(), made.end(), text) != made.end();
    };
    EXPECT_TRUE(has("TZ=UTC"));
    EXPECT_TRUE(has("LANG=C"));
    EXPECT_TRUE(has("A=b c"));
    EXPECT_TRUE(has("MAIL_CONFIG=/etc/mail"));
    EXPECT_EQ(made.size(), 5u) << "and a PATH of the system";
    EXPECT_FALSE(has("PATH=/evil"));
}
