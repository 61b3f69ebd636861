// SPDX-License-Identifier: Apache-2.0
// Parameters of local delivery; see settings.h.
#include "local/settings.h"

#include "lib/base/strings.h"
#include "lib/route/address_map.h"

namespace local {

namespace {

std::set<Origin> origins(const std::vector<std::string>& words)
{
    std::set<Origin> all;
    for (const auto& word : words) {
        if (base::iequals(word, "alias"))
            all.insert(Origin::Alias);
        else if (base::iequals(word, "forward"))
            all.insert(Origin::Forward);
        else if (base::iequals(word, "include"))
            all.insert(Origin::Include);
    }
    return all;
}

} // namespace

Settings make_settings(const config::LocalParams& params, const config::RouteParams& route,
                       std::string service)
{
    Settings s;
    s.service = std::move(service);
    s.delimiters = route.recipient_delimiter();
    s.double_bounce_sender = route.double_bounce_sender();
    s.commands_in = origins(params.allow_mail_to_commands());
    s.files_in = origins(params.allow_mail_to_files());
    s.owner_special = params.owner_request_special();
    s.expand_owner = params.expand_owner_alias();
    s.reset_owner = params.reset_owner_alias();
    s.frozen_delivered_to = params.frozen_delivered_to();
    s.needs_home = params.require_home_directory();
    s.propagate_alias = route::propagates(route, "alias");
    s.propagate_include = route::propagates(route, "include");
    s.propagate_forward = route::propagates(route, "forward");
    std::string why;
    config::List::parse(params.forward_path(), s.forward_path, why);
    s.forward_filter = params.forward_expansion_filter();
    s.mailbox_transport = params.mailbox_transport();
    s.mailbox_command = params.mailbox_command();
    s.fallback_transport = params.fallback_transport();
    s.luser_relay = params.luser_relay();
    s.remembered = static_cast<std::size_t>(params.duplicate_filter_limit());
    return s;
}

} // namespace local
