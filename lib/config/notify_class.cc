// SPDX-License-Identifier: Apache-2.0
// Classes by name; see notify_class.h.
#include "lib/config/notify_class.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace config {

namespace {

struct Named {
    std::string_view name;
    unsigned bit;
};
constexpr Named table[] = {
    {"bounce", notify_class::bounce},     {"2bounce", notify_class::two_bounce},
    {"delay", notify_class::delay},       {"policy", notify_class::policy},
    {"protocol", notify_class::protocol}, {"resource", notify_class::resource},
    {"software", notify_class::software}, {"data", notify_class::data},
};

} // namespace

base::Result<unsigned> notify_class_bits(const std::vector<std::string>& names)
{
    unsigned bits = 0;
    for (const std::string& name : names) {
        const auto* found = std::find_if(std::begin(table), std::end(table), [&](const Named& one) {
            return base::iequals(one.name, name);
        });
        if (found == std::end(table))
            return base::permanent(base::cat("notify_classes: unknown class \"", name, "\""));
        bits |= found->bit;
    }
    if ((bits & notify_class::bounce) != 0)
        bits |= notify_class::two_bounce;
    return bits;
}

std::string notice_sender(const std::string& double_bounce_sender, std::string_view myhostname)
{
    const bool complete =
        double_bounce_sender.empty() || double_bounce_sender.find('@') != std::string::npos;
    return complete ? double_bounce_sender : base::cat(double_bounce_sender, "@", myhostname);
}

} // namespace config
