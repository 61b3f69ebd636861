// SPDX-License-Identifier: Apache-2.0
// How long questions about many messages take, and how long a page holds up whoever makes it.
// POSTHOUSE_SEARCH_ENTRIES in the environment says how many messages there are.
#include <algorithm>
#include <chrono>
#include <fstream>

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/search/inquiry.h"
#include "tests/unit/queue/queue_fixture.h"

namespace search {
namespace {

using ipc::qmgr::Wanted;
using Milliseconds = std::chrono::duration<double, std::milli>;

std::size_t entries_wanted()
{
    const char* text = std::getenv("POSTHOUSE_SEARCH_ENTRIES");
    return text == nullptr ? 20'000 : base::parse_int<std::size_t>(text).value_or(20'000);
}

std::size_t memory_kib()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("RssAnon:"))
            return base::parse_int<std::size_t>(base::split(line, " \tkB:").at(1)).value_or(0);
    return 0;
}

class SearchSpeed : public queue::QueueTest {
protected:
    SearchSpeed()
    {
        index_ = std::move(queue::Index::open({.path = directory_.path() + "/index"})).value();
        std::vector<queue::IndexEntry> batch;
        for (std::size_t i = 0; i < entries_wanted(); ++i) {
            queue::IndexEntry entry;
            entry.id = base::cat("AAAA", 10'000'000 + i);
            entry.arrival = base::from_unix_seconds(1'700'000'000 + static_cast<long long>(i));
            entry.next_attempt = entry.arrival + std::chrono::hours(1);
            entry.size = 4000 + i % 5000;
            entry.sender = base::cat("sender", i % 100, "@from", i % 10, ".example");
            entry.recipient_count = 1;
            const std::string domain = base::cat("to", i % 1000, ".example");
            entry.recipients = {{base::cat("user", i, "@", domain),
                                 domain,
                                 base::cat("connect to mx.", domain, "[192.0.2.", i % 250,
                                           "]:25: Connection timed out"),
                                 {mail::FailureClass::Network, false}}};
            batch.push_back(std::move(entry));
            if (batch.size() == 1000) {
                EXPECT_TRUE(index_->put(batch));
                batch.clear();
            }
        }
        EXPECT_TRUE(index_->put(batch));
        index_->set_complete();
    }

    std::uint64_t ask(std::string_view what, const ipc::qmgr::Search& question)
    {
        const auto before = memory_kib();
        const auto start = std::chrono::steady_clock::now();
        auto inquiry = std::move(Inquiry::begin(question, queue_, clock_.wall())).value();
        Milliseconds longest{};
        std::uint64_t messages = 0;
        std::size_t pages = 0;
        for (bool complete = false; !complete; ++pages) {
            const auto begun = std::chrono::steady_clock::now();
            auto page = inquiry->page(index_.get(), clock_, std::chrono::milliseconds(2));
            longest = std::max(longest, Milliseconds(std::chrono::steady_clock::now() - begun));
            EXPECT_TRUE(page);
            if (!page)
                break;
            complete = page->complete;
            messages += page->messages;
        }
        const Milliseconds took = std::chrono::steady_clock::now() - start;
        std::printf("search: %s: %llu of %zu messages in %.1f ms, %zu pages, longest %.1f ms, "
                    "%zd KiB more\n",
                    std::string(what).c_str(), static_cast<unsigned long long>(messages),
                    entries_wanted(), took.count(), pages, longest.count(),
                    static_cast<ssize_t>(memory_kib() - before));
        longest_ = std::max(longest_, longest);
        return messages;
    }

    base::SystemClock clock_;
    std::unique_ptr<queue::Index> index_;
    Milliseconds longest_{};
};

TEST_F(SearchSpeed, AnswersInShortPages)
{
    const auto all = entries_wanted();
    EXPECT_EQ(ask("count of all", {{}, Wanted::Count, {}}), all);
    EXPECT_EQ(ask("one domain", {{{"destination", "to7.example"}}, Wanted::Entries, {}}),
              all / 1000);
    EXPECT_EQ(ask("one recipient", {{{"recipient", "user7@to7.example"}}, Wanted::Entries, {}}),
              1u);
    EXPECT_EQ(ask("one sender", {{{"sender", "sender7@from7.example"}}, Wanted::Ids, {}}),
              all / 100);
    EXPECT_EQ(ask("pattern of reason", {{{"reason", "timed*"}}, Wanted::Ids, {}}), 0u);
    EXPECT_EQ(ask("groups by destination", {{}, Wanted::Groups, "destination"}), all);
    EXPECT_EQ(ask("groups by reason", {{}, Wanted::Groups, "reason"}), all);
    EXPECT_EQ(ask("list of all", {{}, Wanted::Entries, {}}), all);
    // Two are wanted; a busy machine takes its time.
    EXPECT_LT(longest_.count(), 200.0);
}

} // namespace
} // namespace search
