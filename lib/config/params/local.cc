// SPDX-License-Identifier: Apache-2.0
// Parameters of local delivery; see local.h.
#include "lib/config/params/local.h"

#include <algorithm>

#include "lib/config/expand.h"

namespace config {

namespace {

struct NoNames final : Lookup {
    std::optional<Meaning> meaning(std::string_view) const override { return std::nullopt; }
};

// Tells faults of one set of parameters.
class Check {
public:
    Check(const MainCf& main, Faults& faults) : main_(main), faults_(faults) {}

    void fault(const ParamBase& param, std::string_view text, bool warning = false)
    {
        const MainCf::Entry* entry = main_.find(param.name());
        add_fault(faults_, {.file = entry != nullptr ? entry->file : "",
                            .line = entry != nullptr ? entry->line : 0,
                            .warning = warning,
                            .text = base::cat("bad value for ", param.name(), ": ", text)});
    }

    void words(const Param<List>& param, std::initializer_list<std::string_view> known)
    {
        for (const auto& word : param()) {
            auto same = [&](std::string_view one) { return base::iequals(one, word); };
            if (std::none_of(known.begin(), known.end(), same))
                fault(param, base::cat("\"", word, "\" is none of the words it may have"));
        }
    }

    void syntax(const Param<Raw>& param)
    {
        std::string culprit;
        auto expanded = expand(param(), NoNames{}, culprit);
        if (!expanded)
            fault(param, expanded.error().text);
    }

    // A message that may be queued should fit into a mailbox, or it is tried until it is too old. A
    // host that only relays does not care.
    void room(const Param<Size>& limit)
    {
        std::string why;
        std::int64_t largest = 0;
        const auto text = main_.expanded("message_size_limit");
        if (limit() == 0 || !text || !Int::parse(*text, largest, why))
            return;
        if (largest == 0)
            fault(limit, "it is limited but message_size_limit is unlimited", true);
        else if (limit() < largest)
            fault(limit, "it is smaller than message_size_limit", true);
    }

private:
    const MainCf& main_;
    Faults& faults_;
};

} // namespace

void LocalParams::check(const MainCf& main, Faults& faults) const
{
    Check check(main, faults);
    check.words(allow_mail_to_commands, {"alias", "forward", "include"});
    check.words(allow_mail_to_files, {"alias", "forward", "include"});
    check.words(prepend_delivered_header, {"command", "file", "forward"});
    check.words(mailbox_delivery_lock, {"flock", "fcntl", "dotlock"});
    if (mailbox_delivery_lock().empty())
        check.fault(mailbox_delivery_lock, "a mailbox needs a lock");
    check.syntax(forward_path);
    check.syntax(luser_relay);
    check.syntax(command_execution_directory);
    check.room(mailbox_size_limit);
}

} // namespace config
