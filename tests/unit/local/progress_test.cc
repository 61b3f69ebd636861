// SPDX-License-Identifier: Apache-2.0
#include "local/progress.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "lib/base/log_sinks.h"
#include "tests/unit/temporary_directory.h"

namespace local {
namespace {

class ProgressTest : public ::testing::Test {
protected:
    tests::TemporaryDirectory directory_;
    std::string folder_ = directory_.path();
    Progress::Id id_{"4abc", base::from_unix_microseconds(1'700'000'000'000'000), "a@x.test"};
};

TEST_F(ProgressTest, RemembersWhatWasDone)
{
    Progress progress(folder_ + "/local");
    progress.begin(std::chrono::hours(1));
    EXPECT_TRUE(progress.load(id_).empty());
    const Progress::Done done{"one", "two\nlines", "back\\slash\\n", ""};
    ASSERT_TRUE(progress.save(id_, done));
    EXPECT_EQ(progress.load(id_), done);
    progress.forget(id_);
    EXPECT_TRUE(progress.load(id_).empty());
}

TEST_F(ProgressTest, DoesNotTakeOnesNotesForAnothers)
{
    Progress progress(folder_ + "/local");
    progress.begin(std::chrono::hours(1));
    ASSERT_TRUE(progress.save(id_, {"one"}));
    Progress::Id later = id_; // Short queue ids come again.
    later.arrival += std::chrono::seconds(1);
    EXPECT_TRUE(progress.load(later).empty());
    Progress::Id other = id_;
    other.recipient = "b@x.test";
    EXPECT_TRUE(progress.load(other).empty());
}

TEST_F(ProgressTest, DropsOldNotesAndKeepsToItsOwnDirectory)
{
    base::MemoryLogSink log;
    base::LogSink* before = base::set_log_sink(&log);
    Progress progress(folder_ + "/local");
    progress.begin(std::chrono::hours(1));
    ASSERT_TRUE(progress.save(id_, {"one"}));
    progress.begin(std::chrono::hours(1));
    EXPECT_FALSE(progress.load(id_).empty());
    progress.begin(std::chrono::seconds(-10));
    EXPECT_TRUE(progress.load(id_).empty());
    EXPECT_TRUE(log.lines.empty());
    ::chmod((folder_ + "/local").c_str(), 0755);
    Progress open(folder_ + "/local");
    open.begin(std::chrono::hours(1));
    EXPECT_EQ(log.lines.size(), 1U);
    EXPECT_TRUE(open.save(id_, {"one"}));
    EXPECT_TRUE(open.load(id_).empty());
    base::set_log_sink(before);
}

} // namespace
} // namespace local
