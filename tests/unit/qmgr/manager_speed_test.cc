// SPDX-License-Identifier: Apache-2.0
// What one message with one recipient costs the queue manager, from its news to its removal.
#include <cstdio>
#include <ctime>

#include "tests/unit/qmgr/manager_fixture.h"

namespace qmgr {

TEST_F(ManagerTest, SpendsLittleOnAMessageThatIsDeliveredAtOnce)
{
    constexpr int messages = 2000;
    std::vector<mail::QueueId> ids;
    for (int i = 0; i < messages; ++i)
        ids.push_back(put({"a@d" + std::to_string(i % 10) + ".test"}));
    std::filesystem::rename("incoming", "elsewhere"); // Only news, no scan.
    std::filesystem::create_directory("incoming");
    start();
    run_for(50ms);
    std::filesystem::remove("incoming");
    std::filesystem::rename("elsewhere", "incoming");
    auto begin = std::clock();
    for (const auto& id : ids)
        manager_->arrived(id);
    ASSERT_TRUE(until([&] { return agents_.requests == messages && files(Queue::Active) == 0; }));
    double used = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::printf("queue manager: %.1f us of processor time per message\n", used * 1e6 / messages);
    EXPECT_LT(used / messages, 0.002);
}

} // namespace qmgr
