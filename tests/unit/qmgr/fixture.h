// SPDX-License-Identifier: Apache-2.0
// A scheduler with a ticking clock and settings that a test may change before the first message.
#pragma once

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "lib/base/strings.h"
#include "qmgr/scheduler.h"

namespace qmgr_test {

using namespace std::chrono_literals;

struct Catalog final : qmgr::TransportCatalog {
    std::map<std::string, qmgr::TransportSettings, std::less<>> by_name;
    qmgr::TransportSettings settings(std::string_view name) override
    {
        const auto found = by_name.find(name);
        return found == by_name.end() ? qmgr::TransportSettings{} : found->second;
    }
};

inline qmgr::Target to(std::uint32_t number, const std::string& nexthop,
                       const std::string& transport = "smtp")
{
    return {number, transport, nexthop, base::cat("user", number, "@", nexthop)};
}

class SchedulerTest : public ::testing::Test {
protected:
    Catalog catalog;
    qmgr::TransportSettings& smtp = catalog.by_name["smtp"];
    qmgr::QueueLimits limits;
    base::ManualClock clock;
    std::unique_ptr<qmgr::Scheduler> made;

    qmgr::Scheduler& scheduler()
    {
        if (!made)
            made = std::make_unique<qmgr::Scheduler>(limits, catalog, 42);
        return *made;
    }

    base::MonoTime now() const { return clock.mono(); }

    bool admit(const std::string& id, const std::string& nexthop, std::uint32_t recipients = 1,
               const std::string& sender = "")
    {
        qmgr::Message message{id, sender.empty() ? "sender-of-" + id : sender, {}, false, {}, 0};
        for (std::uint32_t i = 0; i < recipients; ++i)
            message.targets.push_back(to(i, nexthop));
        return scheduler().admit(message, now());
    }

    // Everything that may be sent now.
    std::vector<qmgr::DeliveryRequest> drain()
    {
        std::vector<qmgr::DeliveryRequest> out;
        while (auto request = scheduler().next(now()))
            out.push_back(std::move(*request));
        return out;
    }

    void finish(const qmgr::DeliveryRequest& request,
                qmgr::Verdict::Kind kind = qmgr::Verdict::Kind::Reached)
    {
        const auto fate =
            kind == qmgr::Verdict::Kind::Reached ? qmgr::Fate::Done : qmgr::Fate::Deferred;
        const std::vector<qmgr::Fate> fates(request.recipients.size(), fate);
        EXPECT_TRUE(scheduler().finished(request.id, fates, {kind, "connection refused"}, now()));
    }

    // Makes a destination known as one that answers.
    void prove(const std::string& nexthop)
    {
        ASSERT_TRUE(admit("prove-" + nexthop, nexthop));
        for (const auto& request : drain())
            finish(request);
        scheduler().take_events();
    }
};

} // namespace qmgr_test
