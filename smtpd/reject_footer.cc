// SPDX-License-Identifier: Apache-2.0
// Footers of refusals; see reject_footer.h.
#include "smtpd/reject_footer.h"

#include <ctime>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/config/expand.h"

namespace smtpd {

namespace {

// "Nov 27 09:25:08", as the log has it.
std::string log_time(base::WallTime when)
{
    const std::time_t seconds = base::unix_seconds(when);
    std::tm local{};
    char text[32] = "";
    if (::localtime_r(&seconds, &local) != nullptr)
        std::strftime(text, sizeof text, "%b %d %H:%M:%S", &local);
    return text;
}

struct Facts {
    const mail::Client& client;
    const std::string& server_name;
    base::WallTime now;
};

struct Row {
    std::string_view name;
    std::string (*value)(const Facts&);
};
constexpr Row names[] = {
    {"client_address", [](const Facts& facts) { return facts.client.address; }},
    {"client_port", [](const Facts& facts) { return std::to_string(facts.client.port); }},
    {"localtime", [](const Facts& facts) { return log_time(facts.now); }},
    {"server_name", [](const Facts& facts) { return facts.server_name; }},
};

const Row* find_name(std::string_view name)
{
    for (const Row& row : names)
        if (row.name == name)
            return &row;
    return nullptr;
}

class Values final : public config::Lookup {
public:
    explicit Values(const Facts& facts) : facts_(facts) {}
    std::optional<config::Meaning> meaning(std::string_view name) const override
    {
        const Row* row = find_name(name);
        if (row == nullptr)
            return std::nullopt;
        return config::Meaning{row->value(facts_)};
    }

private:
    const Facts& facts_;
};

base::Result<std::string> fill_in(std::string_view text, const Facts& facts)
{
    std::string culprit;
    return config::expand(text, Values{facts}, culprit);
}

} // namespace

RejectFooter::RejectFooter(std::string text, std::string server_name, const base::Clock& clock)
    : template_(std::move(text)), server_name_(std::move(server_name)), clock_(clock)
{
    for (const std::string& name : config::referenced_names(template_))
        if (find_name(name) == nullptr)
            base::Log{}.warning("smtpd_reject_footer: unknown name: ", name);
    auto tried = fill_in(template_, {mail::Client{}, server_name_, clock_.wall()});
    if (tried)
        return;
    base::Log{}.warning("smtpd_reject_footer: ", tried.error().text);
    template_.clear();
}

std::string RejectFooter::text(const mail::Client& client) const
{
    return fill_in(template_, {client, server_name_, clock_.wall()}).value_or("");
}

} // namespace smtpd
