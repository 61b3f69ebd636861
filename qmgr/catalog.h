// SPDX-License-Identifier: Apache-2.0
// The settings of each transport: TRANSPORT_name in main.cf, or default_name.
#pragma once

#include "lib/config/params/lifetime.h"
#include "lib/config/params/qmgr.h"
#include "qmgr/retry.h"
#include "qmgr/scheduler.h"

namespace qmgr {

class Catalog final : public TransportCatalog {
public:
    // Both outlive the catalog.
    Catalog(const config::MainCf& main, const config::QmgrParams& params);

    TransportSettings settings(std::string_view transport) override;

private:
    std::int64_t number(std::string_view transport, std::string_view suffix,
                        const config::Param<config::Int>& otherwise) const;
    base::Duration time(std::string_view transport, std::string_view suffix,
                        const config::Param<config::Seconds>& otherwise) const;
    Feedback feedback(std::string_view transport, std::string_view suffix,
                      const config::Param<config::Text>& otherwise) const;
    std::string text(std::string_view transport, std::string_view suffix) const;

    const config::MainCf& main_;
    const config::QmgrParams& params_;
};

QueueLimits queue_limits(const config::QmgrParams& params);
RetryTimes retry_times(const config::QmgrParams& params, const config::LifetimeParams& lifetime);

} // namespace qmgr
