// SPDX-License-Identifier: Apache-2.0
// Parameters of addresses and routes: classes of domains, tables of recipients, rewriting, delivery
// agents and next hops. Used by all who look at addresses.
#pragma once

#include <array>

#include "lib/config/param_lists.h"
#include "lib/config/params/shared.h"

namespace config {

enum class NetworkStyle : unsigned char { Host, Subnet, Class };
constexpr auto choice_table(NetworkStyle) -> std::array<ChoiceName<NetworkStyle>, 3>
{
    return {{{"host", NetworkStyle::Host},
             {"subnet", NetworkStyle::Subnet},
             {"class", NetworkStyle::Class}}};
}

struct RouteParams : ParamSet {
    Param<Patterns> mydestination{
        *this,
        {.name = "mydestination",
         .value = "$myhostname, localhost.$mydomain, localhost",
         .doc = "The domains whose mail this host delivers to its own users."}};
    Param<Patterns> virtual_alias_domains{
        *this,
        {.name = "virtual_alias_domains",
         .value = "$virtual_alias_maps",
         .doc = "Domains in which every address is an alias for "
                "another; addresses without an entry do not exist."}};
    Param<Tables> virtual_alias_maps{
        *this,
        {.name = "virtual_alias_maps",
         .value = "$virtual_maps",
         .doc = "Tables that replace recipients, of any domain, by other recipients."}};
    Param<Tables> virtual_maps{
        *this,
        {.name = "virtual_maps", .value = "", .doc = "The old name of *virtual_alias_maps*."}};
    Param<Patterns> virtual_mailbox_domains{
        *this,
        {.name = "virtual_mailbox_domains",
         .value = "$virtual_mailbox_maps",
         .doc = "Domains whose mail goes to mailboxes that need no user account."}};
    Param<Tables> virtual_mailbox_maps{
        *this,
        {.name = "virtual_mailbox_maps",
         .value = "",
         .doc = "Tables with the addresses that exist in *virtual_mailbox_domains*."}};
    Param<Patterns> relay_domains{
        *this,
        {.name = "relay_domains",
         .value = "${{$compatibility_level} <level {2} ? {$mydestination} : {}}",
         .doc = "Domains that this host accepts mail for and passes on."}};
    Param<Tables> relay_recipient_maps{
        *this,
        {.name = "relay_recipient_maps",
         .value = "",
         .doc =
             "Tables with the addresses that exist in *relay_domains*; empty: all are accepted."}};
    Param<Tables> local_recipient_maps{*this,
                                       {.name = "local_recipient_maps",
                                        .value = "proxy:unix:passwd.byname $alias_maps",
                                        .doc = "Tables with the users and aliases that exist in "
                                               "*mydestination*; empty: all are accepted."}};
    Param<Tables> alias_maps{*this,
                             {.name = "alias_maps",
                              .value = "hash:/etc/aliases",
                              .doc = "Tables with the aliases of local delivery."}};
    Param<Tables> transport_maps{
        *this,
        {.name = "transport_maps",
         .value = "",
         .doc = "Tables that choose the delivery agent and next hop by recipient."}};
    Param<Tables> relocated_maps{
        *this,
        {.name = "relocated_maps",
         .value = "",
         .doc = "Tables with addresses that have moved; the sender is told where to."}};
    Param<Text> relayhost{*this, shared::relayhost()};
    Param<Text> default_transport{*this,
                                  {.name = "default_transport",
                                   .value = "smtp",
                                   .doc = "The delivery agent for domains that belong to no class "
                                          "of ours, with an optional next hop."}};
    Param<Text> local_transport{*this,
                                {.name = "local_transport",
                                 .value = "local:$myhostname",
                                 .doc = "The delivery agent for *mydestination*."}};
    Param<Text> virtual_transport{*this,
                                  {.name = "virtual_transport",
                                   .value = "virtual",
                                   .doc = "The delivery agent for *virtual_mailbox_domains*."}};
    Param<Text> relay_transport{*this,
                                {.name = "relay_transport",
                                 .value = "relay",
                                 .doc = "The delivery agent for *relay_domains*."}};
    Param<Tables> sender_dependent_relayhost_maps{
        *this,
        {.name = "sender_dependent_relayhost_maps",
         .value = "",
         .doc = "Tables that choose another *relayhost* by sender."}};
    Param<Tables> sender_dependent_default_transport_maps{
        *this,
        {.name = "sender_dependent_default_transport_maps",
         .value = "",
         .doc = "Tables that choose another *default_transport* by sender."}};
    Param<Text> recipient_delimiter{*this, shared::recipient_delimiter()};
    Param<Tables> canonical_maps{*this,
                                 {.name = "canonical_maps",
                                  .value = "",
                                  .doc =
                                      "Tables that replace sender and recipient addresses, before "
                                      "anything else looks at them."}};
    Param<Tables> sender_canonical_maps{
        *this,
        {.name = "sender_canonical_maps",
         .value = "",
         .doc = "The same for senders only, and before *canonical_maps*."}};
    Param<Tables> recipient_canonical_maps{
        *this,
        {.name = "recipient_canonical_maps",
         .value = "",
         .doc = "The same for recipients only, and before *canonical_maps*."}};
    Param<List> canonical_classes{
        *this,
        {.name = "canonical_classes",
         .value = "envelope_sender, envelope_recipient, header_sender, header_recipient",
         .doc = "What *canonical_maps* applies to."}};
    Param<List> sender_canonical_classes{*this,
                                         {.name = "sender_canonical_classes",
                                          .value = "envelope_sender, header_sender",
                                          .doc = "What *sender_canonical_maps* applies to."}};
    Param<List> recipient_canonical_classes{*this,
                                            {.name = "recipient_canonical_classes",
                                             .value = "envelope_recipient, header_recipient",
                                             .doc = "What *recipient_canonical_maps* applies to."}};
    Param<List> masquerade_domains{
        *this,
        {.name = "masquerade_domains",
         .value = "",
         .doc = "Domains whose host names are cut off senders' addresses."}};
    Param<List> masquerade_classes{*this,
                                   {.name = "masquerade_classes",
                                    .value = "envelope_sender, header_sender, header_recipient",
                                    .doc = "What *masquerade_domains* applies to."}};
    Param<Patterns> masquerade_exceptions{*this,
                                          {.name = "masquerade_exceptions",
                                           .value = "",
                                           .doc = "User names that keep their host names."}};
    Param<Bool> append_at_myorigin{*this,
                                   {.name = "append_at_myorigin",
                                    .value = "yes",
                                    .doc = "Whether an address without a domain gets *myorigin*."}};
    Param<Bool> append_dot_mydomain{*this,
                                    {.name = "append_dot_mydomain",
                                     .value = "${{$compatibility_level} <level {1} ? {yes} : {no}}",
                                     .doc = "Whether a domain without a dot gets *mydomain*."}};
    Param<Bool> allow_percent_hack{*this,
                                   {.name = "allow_percent_hack",
                                    .value = "yes",
                                    .doc = "Whether user%domain means user@domain."}};
    Param<Bool> swap_bangpath{
        *this,
        {.name = "swap_bangpath", .value = "yes", .doc = "Whether site!user means user@site."}};
    Param<Text> empty_address_recipient{*this,
                                        {.name = "empty_address_recipient",
                                         .value = "MAILER-DAEMON",
                                         .doc = "Who gets mail to the null address."}};
    Param<Text> empty_address_relayhost_maps_lookup_key{
        *this,
        {.name = "empty_address_relayhost_maps_lookup_key",
         .value = "<>",
         .doc = "The key for the null sender in *sender_dependent_relayhost_maps*."}};
    Param<Text> empty_address_default_transport_maps_lookup_key{
        *this,
        {.name = "empty_address_default_transport_maps_lookup_key",
         .value = "<>",
         .doc = "The key for the null sender in *sender_dependent_default_transport_maps*."}};
    Param<List> parent_domain_matches_subdomains{
        *this,
        {.name = "parent_domain_matches_subdomains",
         .value = "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_"
                  "authorized_clients,relay_domains,smtpd_access_maps",
         .doc = "The lists in which example.com also stands for the names below it; in the others "
                "that is written .example.com."}};
    Param<Networks> mynetworks{*this,
                               {.name = "mynetworks",
                                .value = "",
                                .doc =
                                    "The networks that this host relays for; when main.cf does not "
                                    "set it, *mynetworks_style* decides."}};
    Param<Choice<NetworkStyle>> mynetworks_style{
        *this,
        {.name = "mynetworks_style",
         .value = "${{$compatibility_level} <level {2} ? {subnet} : {host}}",
         .doc = "How the default of *mynetworks* is made from this host's addresses: host, subnet "
                "or class."}};
    Param<List> propagate_unmatched_extensions{
        *this,
        {.name = "propagate_unmatched_extensions",
         .value = "canonical, virtual",
         .doc = "The kinds of tables whose results get the extension of an address that was found "
                "without it."}};
    Param<Int> virtual_alias_recursion_limit{
        *this,
        {.name = "virtual_alias_recursion_limit",
         .value = "1000",
         .min = "1",
         .doc = "How often one address may be replaced by another in *virtual_alias_maps*."}};
    Param<Int> virtual_alias_expansion_limit{
        *this,
        {.name = "virtual_alias_expansion_limit",
         .value = "1000",
         .min = "1",
         .doc = "How many addresses one recipient may become by *virtual_alias_maps*."}};
    Param<Int> virtual_alias_address_length_limit{
        *this,
        {.name = "virtual_alias_address_length_limit",
         .value = "1000",
         .min = "1",
         .doc = "How long an address from *virtual_alias_maps* may be."}};
    Param<Bool> show_user_unknown_table_name{
        *this,
        {.name = "show_user_unknown_table_name",
         .value = "yes",
         .doc = "Whether refusals of unknown users tell which table was asked."}};
    Param<Text> double_bounce_sender{*this, shared::double_bounce_sender()};
    Param<Bool> resolve_dequoted_address{
        *this,
        {.name = "resolve_dequoted_address",
         .value = "yes",
         .doc = "Whether routing characters inside quotation marks count as such, so that no "
                "quoted address passes the relay rules."}};
    Param<Bool> resolve_null_domain{
        *this,
        {.name = "resolve_null_domain", .value = "no", .doc = "Whether user@ is taken as user."}};
    Param<Bool> resolve_numeric_domain{
        *this,
        {.name = "resolve_numeric_domain",
         .value = "no",
         .doc = "Whether user@192.0.2.1 is taken as user@[192.0.2.1]."}};
    Param<Bool> allow_min_user{*this,
                               {.name = "allow_min_user",
                                .value = "no",
                                .doc = "Whether addresses may begin with a minus sign, which "
                                       "programs may take for an option."}};
    Param<Bool> allow_untrusted_routing{*this,
                                        {.name = "allow_untrusted_routing",
                                         .value = "no",
                                         .doc = "Whether strangers may send addresses with a "
                                                "further route in the local part to our domains."}};
    Param<Bool> enable_original_recipient{
        *this,
        {.name = "enable_original_recipient",
         .value = "yes",
         .doc = "Whether the recipient before rewriting is kept and shown to delivery agents."}};
    Param<Bool> smtputf8_enable{*this, shared::smtputf8_enable()};
    Param<List> local_header_rewrite_clients{
        *this,
        {.name = "local_header_rewrite_clients",
         .value = "permit_inet_interfaces",
         .doc = "Clients whose mail has its header addresses completed with our domains."}};
    Param<Text> remote_header_rewrite_domain{
        *this,
        {.name = "remote_header_rewrite_domain",
         .value = "",
         .doc = "The domain that completes header addresses of other clients; empty: none."}};
    Param<Bool> smtpd_reject_unlisted_recipient{
        *this,
        {.name = "smtpd_reject_unlisted_recipient",
         .value = "yes",
         .doc = "Whether mail for recipients that no table lists is refused."}};
    Param<Bool> smtpd_reject_unlisted_sender{
        *this,
        {.name = "smtpd_reject_unlisted_sender",
         .value = "no",
         .doc = "Whether mail from addresses of ours that no table lists is refused."}};
    Param<Int> unknown_local_recipient_reject_code{
        *this,
        {.name = "unknown_local_recipient_reject_code",
         .value = "550",
         .min = "200",
         .max = "599",
         .doc = "The reply to a recipient that *local_recipient_maps* does not have."}};
    Param<Int> unknown_relay_recipient_reject_code{
        *this,
        {.name = "unknown_relay_recipient_reject_code",
         .value = "550",
         .min = "200",
         .max = "599",
         .doc = "The reply to a recipient that *relay_recipient_maps* does not have."}};
    Param<Int> unknown_virtual_alias_reject_code{
        *this,
        {.name = "unknown_virtual_alias_reject_code",
         .value = "550",
         .min = "200",
         .max = "599",
         .doc = "The reply to a recipient that *virtual_alias_maps* does not have."}};
    Param<Int> unknown_virtual_mailbox_reject_code{
        *this,
        {.name = "unknown_virtual_mailbox_reject_code",
         .value = "550",
         .min = "200",
         .max = "599",
         .doc = "The reply to a recipient that *virtual_mailbox_maps* does not have."}};
};

} // namespace config
