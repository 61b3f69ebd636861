// SPDX-License-Identifier: Apache-2.0
// check_*_access: which keys an access table is asked for, and what becomes of its answer
// (access(5)).
#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/table/address_keys.h"
#include "smtpd/policy/access_result.h"
#include "smtpd/policy/checks.h"

namespace smtpd::check {

using base::Result;
using table::Key;
using Found = Result<std::optional<table::Hit>>;

static const std::string server_error = "451 4.3.5 Server configuration error";

// 192.0.2.1, 192.0.2, 192.0, 192; IPv6 likewise.
static void add_address_keys(std::vector<Key>& all, std::string address)
{
    char delimiter = address.find(':') == std::string::npos ? '.' : ':';
    table::Part part = table::Part::Whole;
    while (!address.empty()) {
        all.push_back({address, part});
        part = table::Part::Partial;
        std::size_t cut = address.rfind(delimiter);
        if (cut == std::string::npos)
            break;
        address.resize(cut);
    }
}

static bool parents_without_dot(const Evaluation& evaluation)
{
    return evaluation.engine.destinations.parents_without_dot("smtpd_access_maps");
}

static void add_domain_keys(std::vector<Key>& all, const Evaluation& evaluation,
                            std::string_view domain)
{
    if (domain.size() > 1 && domain.ends_with('.'))
        domain.remove_suffix(1);
    auto keys = table::domain_keys(domain, parents_without_dot(evaluation));
    for (std::size_t i = 0; i < keys.size(); ++i)
        keys[i].part = i == 0 ? table::Part::Whole : table::Part::Partial;
    std::move(keys.begin(), keys.end(), std::back_inserter(all));
}

static Step look_up(Evaluation& evaluation, const Item& item, std::vector<Key> keys, Subject of)
{
    Found found = co_await table::find_first(item.maps, std::move(keys), true);
    if (!found) {
        base::Log{}.warning(item.name(), " ", item.argument, ": ", found.error().text);
        co_return co_await evaluation.act_on_result(item, server_error, of);
    }
    if (!*found)
        co_return Decision::Dunno;
    evaluation.consulted((*found)->key.text);
    co_return co_await evaluation.act_on_result(item, (*found)->value, of);
}

Step check_client_access(Evaluation& evaluation, const Item& item)
{
    std::vector<Key> keys;
    add_domain_keys(keys, evaluation, evaluation.input.client.name);
    add_address_keys(keys, evaluation.input.client.address);
    co_return co_await look_up(evaluation, item, std::move(keys), Subject::Client);
}

// The name is what the client's owner wants it to be: it may refuse, never permit.
static Decision never_permit(const Item& item, std::string_view what, Evaluation& evaluation)
{
    base::Log{}.warning("restriction ", item.name(), " returns OK for ", what);
    base::Log{}.warning("this is not allowed for security reasons");
    base::Log{}.warning("use DUNNO instead of OK if you want to make an exception");
    return evaluation.reject({451, "4.3.5", "Server configuration error", true});
}

Step check_reverse_client_hostname_access(Evaluation& evaluation, const Item& item)
{
    const std::string& name = evaluation.input.client.reverse_name;
    std::vector<Key> keys;
    add_domain_keys(keys, evaluation, name);
    Decision decision = co_await look_up(evaluation, item, std::move(keys), Subject::ReverseClient);
    if (decision == Decision::Permit && !evaluation.session.discard)
        co_return never_permit(item, name, evaluation);
    co_return decision;
}

Step check_helo_access(Evaluation& evaluation, const Item& item)
{
    if (evaluation.input.client.helo.empty())
        co_return Decision::Dunno;
    std::vector<Key> keys;
    add_domain_keys(keys, evaluation, evaluation.input.client.helo);
    co_return co_await look_up(evaluation, item, std::move(keys), Subject::Helo);
}

static Step look_up_address(Evaluation& evaluation, const Item& item, const route::Route& route,
                            Subject of)
{
    auto rules = evaluation.engine.destinations.address_rules();
    rules.parents_without_dot = parents_without_dot(evaluation);
    auto keys = table::address_keys(route.recipient, table::keys::access, rules);
    Decision decision = co_await look_up(evaluation, item, std::move(keys), of);
    // A routed address says nothing about where it will end: no permission by it.
    bool suspicious = of == Subject::Recipient && route.routed &&
                      !evaluation.engine.params.allow_untrusted_routing();
    if (decision == Decision::Permit && suspicious)
        co_return Decision::Dunno;
    co_return decision;
}

Step check_sender_access(Evaluation& evaluation, const Item& item)
{
    if (!evaluation.has_sender())
        co_return Decision::Dunno;
    if (evaluation.sender().empty()) {
        std::vector<Key> keys;
        keys.push_back({evaluation.engine.params.null_access_lookup_key(), table::Part::Whole});
        co_return co_await look_up(evaluation, item, std::move(keys), Subject::Sender);
    }
    auto route = co_await evaluation.sender_route();
    if (!route)
        co_return evaluation.lookup_failed(evaluation.sender());
    co_return co_await look_up_address(evaluation, item, **route, Subject::Sender);
}

Step check_recipient_access(Evaluation& evaluation, const Item& item)
{
    if (evaluation.input.recipient.empty())
        co_return Decision::Dunno;
    auto route = co_await evaluation.recipient_route();
    if (!route)
        co_return evaluation.lookup_failed(evaluation.input.recipient);
    co_return co_await look_up_address(evaluation, item, **route, Subject::Recipient);
}

Step check_etrn_access(Evaluation& evaluation, const Item& item)
{
    if (evaluation.input.domain.empty())
        co_return Decision::Dunno;
    std::vector<Key> keys;
    add_domain_keys(keys, evaluation, evaluation.input.domain);
    co_return co_await look_up(evaluation, item, std::move(keys), Subject::Etrn);
}

} // namespace smtpd::check
