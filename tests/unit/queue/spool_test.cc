// SPDX-License-Identifier: Apache-2.0
#include "lib/queue/spool.h"

#include "tests/unit/queue/queue_fixture.h"

namespace queue {
namespace {

TEST(Spool, OpensDirectoriesOnTheirDisk)
{
    const TemporaryDirectory folder;
    auto spool = Spool::open(folder.path(), {{"deferred"}, 2});
    ASSERT_TRUE(spool);
    EXPECT_EQ(&spool->directories.disk(), spool->disk.get());
    EXPECT_EQ(spool->directories.path(Queue::Deferred, "A1B2"), "deferred/A/1/A1B2");
}

TEST(Spool, SaysWhenThereIsNone)
{
    const TemporaryDirectory folder;
    EXPECT_FALSE(Spool::open(folder.file("none"), Directories::Options{}));
}

} // namespace
} // namespace queue
