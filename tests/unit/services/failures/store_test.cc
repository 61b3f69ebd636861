// SPDX-License-Identifier: Apache-2.0
#include "services/failures/store.h"

#include <filesystem>
#include <fstream>

#include "lib/base/strings.h"
#include "tests/unit/queue/queue_fixture.h"

namespace failures {

using namespace std::chrono_literals;

namespace {

constexpr auto now = base::WallTime{std::chrono::hours(500'000)};

Entry entry_of(const std::string& subject, base::WallTime last)
{
    Entry entry;
    entry.subject = subject;
    entry.first = entry.last = last;
    entry.latest.push_back(
        {subject, "ID", {mail::FailureClass::Blocked, false}, true, true, last, "5.7.1", "554 no"});
    return entry;
}

class StoreTest : public ::testing::Test {
protected:
    std::unique_ptr<Store> open(std::uint64_t limit = 1000)
    {
        auto store = Store::open({path(), limit, 24h});
        EXPECT_TRUE(store) << store.error().text;
        return std::move(*store);
    }
    std::string path() const { return base::cat(folder_.path(), "/failures.lmdb"); }

    queue::TemporaryDirectory folder_;
};

} // namespace

TEST_F(StoreTest, FindsWhatItWasGivenAfterAnEndToo)
{
    {
        auto store = open();
        ASSERT_TRUE(
            store->write({{"a@b", entry_of("a@b", now)}, {"@b", entry_of("@b", now)}}, now));
    }
    auto store = open();
    EXPECT_EQ(**store->find("a@b"), entry_of("a@b", now));
    EXPECT_FALSE(*store->find("c@b"));
    EXPECT_EQ(*store->count(), 2u);
    ASSERT_TRUE(store->write({{"a@b", std::nullopt}, {"never@b", std::nullopt}}, now));
    EXPECT_FALSE(*store->find("a@b"));
    EXPECT_EQ(*store->count(), 1u);
}

TEST_F(StoreTest, ForgetsTheOldestWhenThereAreTooMany)
{
    auto store = open(10);
    for (int i = 0; i < 25; ++i) {
        const std::string subject = base::cat("a", i, "@b");
        ASSERT_TRUE(
            store->write({{subject, entry_of(subject, now + std::chrono::seconds(i))}}, now));
    }
    EXPECT_EQ(*store->count(), 10u);
    EXPECT_FALSE(*store->find("a14@b"));
    EXPECT_TRUE(*store->find("a15@b"));
}

TEST_F(StoreTest, ForgetsWhatIsTooOld)
{
    auto store = open();
    ASSERT_TRUE(store->write({{"old@b", entry_of("old@b", now)}}, now));
    ASSERT_TRUE(store->write({{"new@b", entry_of("new@b", now + 20h)}}, now + 23h));
    EXPECT_TRUE(*store->find("old@b"));
    ASSERT_TRUE(store->write({}, now + 25h));
    EXPECT_FALSE(*store->find("old@b"));
    EXPECT_TRUE(*store->find("new@b"));
}

TEST_F(StoreTest, ListsInPages)
{
    auto store = open();
    Changes changes;
    for (const char* subject : {"a@b", "b@b", "c@b", "d@b"})
        changes.emplace(subject, entry_of(subject, now));
    ASSERT_TRUE(store->write(changes, now));
    auto page = store->list("", 3);
    ASSERT_EQ(page->size(), 3u);
    page = store->list(page->back().subject, 3);
    ASSERT_EQ(page->size(), 1u);
    EXPECT_EQ(page->front().subject, "d@b");
}

TEST_F(StoreTest, IsForOneProcess)
{
    auto store = open();
    auto second = Store::open({path(), 10, 24h});
    ASSERT_FALSE(second);
    EXPECT_TRUE(second.error().temporary());
}

TEST_F(StoreTest, BeginsAnewWhereTheFileIsNone)
{
    std::ofstream(path()) << std::string(10'000, 'x');
    auto store = open();
    EXPECT_EQ(*store->count(), 0u);
    EXPECT_TRUE(std::filesystem::exists(path() + ".bad"));
}

} // namespace failures
