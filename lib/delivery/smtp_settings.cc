// SPDX-License-Identifier: Apache-2.0
// From parameters to settings; see smtp_settings.h.
#include "lib/delivery/smtp_settings.h"

#include <algorithm>

#include "lib/base/log.h"
#include "lib/base/strings.h"

namespace delivery {

namespace {

// The system gives up after a few minutes by itself.
constexpr auto system_connect_time = std::chrono::minutes(10);

bool has_word(const std::vector<std::string>& list, std::string_view word)
{
    return std::any_of(list.begin(), list.end(),
                       [word](const std::string& w) { return base::iequals(w, word); });
}

smtp::ClientSettings client_settings(const config::SmtpClientParams& p,
                                     const config::CommonParams& common)
{
    smtp::ClientSettings s;
    s.dialect = p.lmtp() ? smtp::Dialect::Lmtp : smtp::Dialect::Smtp;
    s.helo_name = p.helo_name();
    s.my_hostname = p.lmtp() ? "" : common.myhostname();
    s.always_send_ehlo = p.always_send_ehlo();
    s.never_send_ehlo = p.never_send_ehlo();
    s.skip_5xx_greeting = p.skip_5xx_greeting();
    s.skip_quit_response = p.skip_quit_response();
    s.quote_envelope = p.quote_rfc821_envelope();
    s.disable_mime_output_conversion = p.disable_mime_output_conversion();
    s.smtputf8_enable = p.smtputf8_enable();
    s.send_dummy_mail_auth = p.send_dummy_mail_auth();
    s.discard_ehlo_keywords = p.discard_ehlo_keywords();
    s.line_length_limit = static_cast<std::size_t>(p.line_length_limit());
    s.mime_nesting_limit = static_cast<std::size_t>(p.mime_nesting_limit());
    s.mime_boundary_length_limit = static_cast<std::size_t>(p.mime_boundary_length_limit());
    s.reuse_count_limit = static_cast<std::size_t>(p.connection_reuse_count_limit());
    s.reuse_time_limit = p.connection_reuse_time_limit();
    s.timeouts.helo = p.helo_timeout();
    s.timeouts.mail = p.mail_timeout();
    s.timeouts.rcpt = p.rcpt_timeout();
    s.timeouts.data_init = p.data_init_timeout();
    s.timeouts.data_xfer = p.data_xfer_timeout();
    s.timeouts.data_done = p.data_done_timeout();
    s.timeouts.rset = p.rset_timeout();
    s.timeouts.quit = p.quit_timeout();
    return s;
}

LookupSettings lookup_settings(const config::SmtpClientParams& p,
                               const config::CommonParams& common)
{
    LookupSettings s;
    const std::string& level = p.dns_support_level();
    const bool no_dns = level.empty() ? p.disable_dns_lookups() : level == "disabled";
    const auto& protocols = common.inet_protocols();
    s.use_mx = !no_dns && !p.lmtp();
    s.use_native = no_dns || has_word(p.host_lookup(), "native");
    s.ipv4 = has_word(protocols, "all") || has_word(protocols, "ipv4");
    s.ipv6 = has_word(protocols, "all") || has_word(protocols, "ipv6");
    if (p.address_preference() == "ipv4")
        s.prefer = LookupSettings::Prefer::Ipv4;
    else if (p.address_preference() == "ipv6")
        s.prefer = LookupSettings::Prefer::Ipv6;
    s.balance = p.balance_inet_protocols();
    s.shuffle = p.randomize_addresses();
    s.ignore_mx_error = p.ignore_mx_lookup_error();
    s.defer_without_mx_address = p.defer_if_no_mx_address_found();
    s.detect_loops = !p.lmtp();
    s.address_limit = static_cast<std::size_t>(p.mx_address_limit());
    return s;
}

std::optional<net::Address> address_param(const std::string& name, std::string_view value)
{
    if (value.empty())
        return std::nullopt;
    if (value.starts_with('[') && value.ends_with(']'))
        value = value.substr(1, value.size() - 2);
    auto address = net::Address::parse(value);
    if (!address)
        base::fatal(base::cat("bad ", name, " parameter: ", value, ": not a numeric address"));
    return address;
}

} // namespace

std::optional<net::Address> only_address(const config::OwnAddresses& own, net::Family family)
{
    std::optional<net::Address> found;
    for (const config::Interface& interface : own.interfaces()) {
        if (interface.address.family() != family)
            continue;
        if (found)
            return std::nullopt;
        found = interface.address;
    }
    if (found && found->is_loopback())
        return std::nullopt;
    return found;
}

SmtpSettings make_settings(const config::SmtpClientParams& params,
                           const config::CommonParams& common, const config::OwnAddresses& own)
{
    SmtpSettings s;
    s.client = client_settings(params, common);
    s.lookup = lookup_settings(params, common);
    s.keep = {params.connection_cache_on_demand(), params.connection_cache_destinations(),
              params.connection_cache_time_limit()};
    s.lmtp = params.lmtp();
    const auto port = parse_port(params.tcp_port());
    if (!port)
        base::fatal(base::cat(params.tcp_port.name(), ": ", port.error().text));
    s.default_port = *port;
    s.session_limit = static_cast<std::size_t>(params.mx_session_limit());
    s.connect_time = params.connect_timeout();
    if (s.connect_time == base::Duration::zero())
        s.connect_time = system_connect_time;
    s.fallback_relays = params.fallback_relay();
    s.relayhost = params.relayhost();
    s.bind_ipv4 = address_param(params.bind_address.name(), params.bind_address());
    s.bind_ipv6 = address_param(params.bind_address6.name(), params.bind_address6());
    s.bind_enforce = params.bind_address_enforce();
    if (!s.bind_ipv4)
        s.bind_ipv4 = only_address(own, net::Family::Inet);
    if (!s.bind_ipv6)
        s.bind_ipv6 = only_address(own, net::Family::Inet6);
    if (!params.best_mx_transport().empty())
        base::fatal("best_mx_transport is not supported; remove it, and list the domains that "
                    "are delivered here in mydestination or relay_domains");
    return s;
}

} // namespace delivery
