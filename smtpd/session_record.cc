// SPDX-License-Identifier: Apache-2.0
// The record of a session; see session_record.h.
#include "smtpd/session_record.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/config/notify_class.h"

namespace smtpd {

namespace {

namespace notify_class = config::notify_class;

// The first row that fits a refusal counts.
struct Row {
    std::string_view code; // How it begins.
    std::string_view dsn;
    std::string_view text; // A part of it.
    unsigned bit;
};
constexpr Row table[] = {
    {"", "", "address rejected: User unknown", notify_class::bounce},
    {"450", "4.3.0", "Recipient address rejected", notify_class::bounce}, // By its transport.
    {"552", "5.3.4", "Error: message file too big", notify_class::bounce},
    {"554", "5.4.0", "Error: too many hops", notify_class::bounce},
    {"4", "4.3.", "queue file", notify_class::resource},
    {"452", "4.3.1", "", notify_class::resource},
    {"451", "4.3.", "lookup failure", notify_class::data},
    {"4", "4.3.", "", notify_class::software},
    {"452", "4.5.3", "", 0},
    {"459", "", "", 0},
    {"50", "", "rejected", notify_class::policy},
    {"50", "", "", notify_class::protocol},
    {"521", "5.5.4", "", notify_class::protocol},
    {"554", "5.5.1", "Error: no valid recipients", 0},
    {"55", "5.5.", "", notify_class::protocol},
    {"421", "4.7.0", "too many errors", notify_class::protocol},
    {"4", "", "", notify_class::policy},
    {"5", "", "", notify_class::policy},
};

} // namespace

unsigned class_of_reply(std::string_view reply)
{
    std::string_view rest = reply;
    const std::string_view code = rest.substr(0, 3);
    rest.remove_prefix(std::min<std::size_t>(rest.size(), 4));
    for (const Row& row : table)
        if (code.starts_with(row.code) && rest.starts_with(row.dsn) &&
            rest.find(row.text) != std::string_view::npos)
            return row.bit;
    return 0;
}

void SessionRecord::said(std::string_view replies)
{
    transcript_.add_replies("Out: ", replies);
    bool begins = true; // Of a reply; what follows may be a footer.
    while (!replies.empty()) {
        const std::string_view line = base::cut(replies, '\n');
        if (begins)
            classes_ |= class_of_reply(line);
        if (line.starts_with("250 2.0.0 Ok: queued as "))
            classes_ = 0; // All's well that ends well.
        begins = line.size() < 4 || line[3] != '-';
    }
}

std::string SessionRecord::letter() const
{
    const bool aborted = !reason_.empty();
    return transcript_.letter({}, base::cat(aborted ? "Session aborted, reason: " : "", reason_,
                                            aborted ? "\r\n\r\n" : "\r\n"));
}

} // namespace smtpd
