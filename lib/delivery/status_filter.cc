// SPDX-License-Identifier: Apache-2.0
// Filtered outcomes; see status_filter.h.
#include "lib/delivery/status_filter.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace delivery {

namespace {

// RFC 3463 section 2: class "." subject "." detail.
bool is_status(std::string_view text)
{
    const auto parts = base::split(text, ".");
    const bool digits = std::all_of(text.begin(), text.end(),
                                    [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return digits && parts.size() == 3 && parts[0].size() == 1 && parts[1].size() <= 3 &&
           parts[2].size() <= 3 && std::count(text.begin(), text.end(), '.') == 2;
}

} // namespace

bool replace_status(mail::Outcome& outcome, std::string_view answer)
{
    std::string_view text = base::trim(answer);
    const std::string_view dsn = base::cut(text, ' ');
    text = base::trim(text);
    const char kind = dsn.empty() ? '\0' : dsn.front();
    const bool success = outcome.status == mail::Status::Sent;
    if (!is_status(dsn) || text.empty() || (kind != '2' && kind != '4' && kind != '5') ||
        (kind == '2') != success)
        return false;
    outcome.dsn = dsn;
    outcome.text = text;
    if (!success)
        outcome.status = kind == '4' ? mail::Status::Deferred : mail::Status::Bounced;
    return true;
}

base::Task<void> StatusFilter::apply(mail::Outcome& outcome) const
{
    const bool known = outcome.status == mail::Status::Sent ||
                       outcome.status == mail::Status::Deferred ||
                       outcome.status == mail::Status::Bounced;
    if (maps_.empty() || !known)
        co_return;
    auto hit = co_await maps_.find(base::cat(outcome.dsn, " ", outcome.text));
    if (!hit)
        base::Log{}.warning(maps_.title(), ": ", hit.error().text);
    else if (*hit && !replace_status(outcome, **hit))
        base::Log{}.warning(maps_.title(), ": bad status code: ", base::printable(**hit));
}

} // namespace delivery
