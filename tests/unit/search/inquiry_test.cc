// SPDX-License-Identifier: Apache-2.0
#include "lib/search/asking.h"
#include "tests/unit/queue/queue_fixture.h"

namespace search {
namespace {

using ipc::qmgr::Found;
using ipc::qmgr::Search;
using ipc::qmgr::Wanted;

class InquiryTest : public queue::QueueTest {
protected:
    InquiryTest()
    {
        for (int i = 0; i < 3; ++i)
            put(queue::sample_message(), queue::Queue::Deferred);
    }
    Found ask(const Search& question)
    {
        FileAsking asking(queue_);
        Found all;
        auto asked = asking.search(question, [&](Found&& page) {
            all.messages += page.messages;
            all.recipients += page.recipients;
            for (auto& id : page.ids)
                all.ids.push_back(std::move(id));
            for (auto& entry : page.entries)
                all.entries.push_back(std::move(entry));
            for (auto& group : page.groups)
                all.groups.push_back(std::move(group));
            return true;
        });
        EXPECT_TRUE(asked) << asked.error().text;
        return all;
    }
};

TEST_F(InquiryTest, GivesWhatIsWanted)
{
    const auto ids = ask({{}, Wanted::Ids, {}});
    EXPECT_EQ(ids.ids.size(), 3u);
    EXPECT_TRUE(ids.entries.empty());
    const auto entries = ask({{{"recipient", "one@*"}}, Wanted::Entries, {}});
    ASSERT_EQ(entries.entries.size(), 3u);
    EXPECT_EQ(entries.entries[0].queue, "deferred");
    EXPECT_EQ(entries.entries[0].recipients.size(), 2u);
    EXPECT_EQ(ask({{}, Wanted::Count, {}}).recipients, 6u);
    const auto groups = ask({{}, Wanted::Groups, "recipient-domain"});
    ASSERT_EQ(groups.groups.size(), 1u);
    EXPECT_EQ(groups.groups[0].name, "example.org");
    EXPECT_EQ(groups.groups[0].messages, 3u);
}

TEST_F(InquiryTest, RefusesQuestionsWithoutSense)
{
    const base::WallTime now{};
    EXPECT_FALSE(Inquiry::begin({{{"colour", "red"}}, Wanted::Ids, {}}, queue_, now));
    EXPECT_FALSE(Inquiry::begin({{{"older", "red"}}, Wanted::Ids, {}}, queue_, now));
    EXPECT_FALSE(Inquiry::begin({{}, Wanted::Groups, "weather"}, queue_, now));
}

} // namespace
} // namespace search
