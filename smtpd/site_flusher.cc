// SPDX-License-Identifier: Apache-2.0
// Flushing by site; see site_flusher.h.
#include "smtpd/site_flusher.h"

#include "lib/base/log.h"

namespace smtpd {

using smtp::FlushAnswer;

static constexpr auto answer_time = std::chrono::seconds(60);

base::Task<FlushAnswer> QmgrFlusher::flush_site(std::string_view domain)
{
    std::string site(domain);
    auto listed = co_await allowed_.match(site);
    if (!listed)
        co_return FlushAnswer::Failed;
    if (!*listed)
        co_return FlushAnswer::NotAllowed;
    ipc::qmgr::FlushSite request{site};
    auto done = co_await qmgr_.call(request, qmgr_.loop().clock().after(answer_time));
    if (!done)
        base::Log{}.warning("flush of ", site, ": ", done.error().text);
    co_return done ? FlushAnswer::Started : FlushAnswer::Failed;
}

} // namespace smtpd
