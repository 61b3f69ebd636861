// SPDX-License-Identifier: Apache-2.0
// Message-Ids; see message_id.h.
#include "lib/mail/message_id.h"

#include <ctime>

#include "lib/base/strings.h"
#include "lib/mail/queue_id.h"

namespace mail {

std::string make_message_id(base::WallTime arrival, std::string_view queue_id,
                            std::string_view myhostname)
{
    if (is_long_queue_id(queue_id))
        return base::cat("<", queue_id, "@", myhostname, ">");
    const std::time_t seconds = base::unix_seconds(arrival);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char stamp[40];
    const std::size_t length = std::strftime(stamp, sizeof stamp, "%Y%m%d%H%M%S", &utc);
    return base::cat("<", std::string_view(stamp, length), ".", queue_id, "@", myhostname, ">");
}

std::string_view quotable_message_id(std::string_view value, bool allow_utf8)
{
    constexpr std::size_t size_limit = 900; // Far from the 998 of RFC 5322 2.1.1.
    const std::string_view id = base::trim(value);
    const bool complete = id.size() > 2 && id.front() == '<' && id.back() == '>';
    const bool fits = complete && id.size() <= size_limit;
    return fits && base::printable(id, allow_utf8) == id ? id : std::string_view{};
}

} // namespace mail
