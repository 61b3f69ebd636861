// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lib/base/strings.h"
#include "lib/queue/index_rebuild.h"
#include "lib/search/finder.h"
#include "tests/unit/queue/queue_fixture.h"

namespace search {
namespace {

using queue::IndexEntry;
using queue::Queue;

class FinderTest : public queue::QueueTest {
protected:
    FinderTest()
    {
        index_ = std::move(queue::Index::open({.path = directory_.path() + "/index"})).value();
        Queue queues[] = {Queue::Incoming, Queue::Active, Queue::Deferred, Queue::Deferred,
                          Queue::Hold};
        int number = 0;
        for (const Queue queue : queues) {
            auto message = queue::sample_message();
            message.envelope.sender = base::cat("s", number++, "@sender.example");
            all_.push_back(put(message, queue));
        }
    }

    void fill_index()
    {
        queue::IndexRebuild rebuild(*index_, queue_);
        for (auto done = rebuild.step(2); !*done; done = rebuild.step(2))
            ;
    }

    // `at_once`: how many matches are taken before the finder is called again.
    std::vector<std::string> find(std::vector<Term> terms, unsigned at_once = 1000)
    {
        auto filter = std::move(Filter::make(terms, base::SystemClock{}.wall())).value();
        Finder finder(queue_, filter);
        std::vector<std::string> found;
        for (int call = 0; call < 100; ++call) {
            unsigned taken = 0;
            auto over = finder.run(
                index_.get(),
                [&](const IndexEntry& entry) {
                    found.push_back(entry.id);
                    return ++taken < at_once;
                },
                [] { return false; });
            EXPECT_TRUE(over) << over.error().text;
            if (over && *over)
                break;
        }
        std::sort(found.begin(), found.end());
        return found;
    }
    std::vector<std::string> sorted(std::vector<std::string> ids)
    {
        std::sort(ids.begin(), ids.end());
        return ids;
    }

    std::unique_ptr<queue::Index> index_;
    std::vector<std::string> all_;
};

TEST_F(FinderTest, FindsTheSameInFilesAndIndex)
{
    const std::vector<std::vector<Term>> filters = {
        {},
        {{TermKind::Sender, "s2@sender.example"}},
        {{TermKind::Sender, "@sender.example"}},
        {{TermKind::Recipient, "two@example.org"}},
        {{TermKind::Recipient, "@example.org"}},
        {{TermKind::Destination, "example.org"}},
        {{TermKind::Queue, "hold"}},
        {{TermKind::Recipient, "x@y"}},
    };
    std::vector<std::vector<std::string>> from_files;
    for (const auto& filter : filters)
        from_files.push_back(find(filter));
    EXPECT_EQ(from_files[0], sorted(all_));
    EXPECT_EQ(from_files[1], std::vector{all_[2]});
    EXPECT_EQ(from_files[5], sorted(all_));
    EXPECT_EQ(from_files[6], std::vector{all_[4]});
    EXPECT_EQ(from_files[7], std::vector<std::string>{});
    fill_index();
    for (std::size_t i = 0; i < filters.size(); ++i)
        for (const unsigned at_once : {1u, 2u, 1000u})
            EXPECT_EQ(find(filters[i], at_once), from_files[i]) << i << " by " << at_once;
}

TEST_F(FinderTest, ShowsAMessageOnceThatIsDeferredMeanwhile)
{
    fill_index();
    const Filter filter;
    Finder finder(queue_, filter);
    std::vector<std::string> found;
    const auto take = [&](const IndexEntry& entry) {
        found.push_back(entry.id);
        return entry.queue != Queue::Active;
    };
    auto over = finder.run(index_.get(), take, [] { return false; });
    ASSERT_TRUE(over && !*over);
    ASSERT_TRUE(queue_.defer(all_[1], Queue::Active, base::SystemClock{}.wall()));
    auto reader = open(Queue::Deferred, all_[1]);
    ASSERT_TRUE(index_->put(*queue::index_entry(*reader, Queue::Deferred, {})));
    over = finder.run(index_.get(), take, [] { return false; });
    ASSERT_TRUE(over && *over);
    EXPECT_EQ(sorted(found), sorted(all_));
}

TEST_F(FinderTest, StopsWhenItIsEnoughAndGoesOn)
{
    fill_index();
    const Filter filter;
    Finder finder(queue_, filter);
    std::size_t found = 0;
    unsigned calls = 0;
    while (calls < 100) {
        ++calls;
        unsigned asked = 0;
        auto over = finder.run(
            index_.get(), [&](const IndexEntry&) { return ++found, true; },
            [&] { return ++asked > 1; });
        ASSERT_TRUE(over);
        if (*over)
            break;
    }
    EXPECT_EQ(found, all_.size());
    EXPECT_GE(calls, 2u);
}

TEST_F(FinderTest, PassesOverWhatIsNoMessage)
{
    const std::string path = directory_.path() + "/incoming/ABCDEF123";
    std::FILE* file = std::fopen(path.c_str(), "w");
    std::fputs("no message at all", file);
    std::fclose(file);
    ASSERT_EQ(::symlink(queue_.path(Queue::Hold, all_[4]).c_str(),
                        (directory_.path() + "/incoming/ABCDEF124").c_str()),
              0);
    const Filter filter;
    Finder finder(queue_, filter);
    std::size_t found = 0, errors = 0;
    for (int call = 0; call < 100; ++call) {
        auto over = finder.run(
            nullptr, [&](const IndexEntry&) { return ++found, true; }, [] { return false; });
        if (over && *over)
            break;
        if (!over) {
            EXPECT_FALSE(over.error().temporary());
            ++errors;
        }
    }
    EXPECT_EQ(found, all_.size());
    EXPECT_EQ(errors, 2u);
}

TEST_F(FinderTest, TellsWhenTheIndexHasGone)
{
    fill_index();
    const Filter filter;
    Finder finder(queue_, filter);
    const auto until_index = [](const IndexEntry& entry) { return entry.queue != Queue::Deferred; };
    auto over = finder.run(index_.get(), until_index, [] { return false; });
    ASSERT_TRUE(over && !*over);
    over = finder.run(nullptr, until_index, [] { return false; });
    ASSERT_FALSE(over);
    EXPECT_TRUE(over.error().temporary());
}

} // namespace
} // namespace search
