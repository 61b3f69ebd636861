// SPDX-License-Identifier: Apache-2.0
// Parameters of the SMTP and the LMTP client: the same declarations with the prefix smtp_ or lmtp_,
// and the few defaults that differ.
#pragma once

#include <string>

#include "lib/config/params/shared.h"
#include "lib/config/params/status_filter.h"

namespace config {

struct SmtpClientParams : ParamSet {
    enum class Kind : unsigned char { Smtp, Lmtp };
    explicit SmtpClientParams(Kind kind_of_client) : kind(kind_of_client) {}

    const Kind kind;
    bool lmtp() const { return kind == Kind::Lmtp; }

    Param<Int> client_limit{
        *this,
        {.name = prefixed("client_limit"),
         .value = "500",
         .min = "1",
         .doc = "Deliveries that one worker process does at a time. 1 gives each delivery a "
                "process of its own."}};

    Param<Tables> delivery_status_filter{*this, status_filter_spec(lmtp() ? "lmtp" : "smtp")};

    // Who we are, where from, where to.
    Param<Text> helo_name{*this,
                          {.name = prefixed(lmtp() ? "lhlo_name" : "helo_name"),
                           .value = "$myhostname",
                           .doc = "The name in the HELO, EHLO or LHLO command."}};
    Param<Text> tcp_port{*this,
                         {.name = prefixed("tcp_port"),
                          .value = lmtp() ? "24" : "smtp",
                          .doc = "The port of destinations that name none: a number or a name."}};
    Param<Text> bind_address{*this,
                             {.name = prefixed("bind_address"),
                              .value = "",
                              .doc = "The IPv4 address that connections come from."}};
    Param<Text> bind_address6{*this,
                              {.name = prefixed("bind_address6"),
                               .value = "",
                               .doc = "The IPv6 address that connections come from."}};
    Param<Bool> bind_address_enforce{
        *this,
        {.name = prefixed("bind_address_enforce"),
         .value = "no",
         .doc = "Whether a delivery fails for now when the address cannot be used."}};
    Param<Text> relayhost{*this, shared::relayhost()};
    Param<List> fallback_relay{
        *this,
        {.name = prefixed("fallback_relay"),
         .value = lmtp() ? "" : "$fallback_relay",
         .doc = "Hosts to try when the destination cannot be found or reached."}};
    // What goes out is looked at.
    Param<Tables> header_checks{
        *this,
        {.name = prefixed("header_checks"),
         .value = "",
         .doc = "Tables that are asked about each header field of what is sent, and may have it "
                "replaced (REPLACE), left out (IGNORE, STRIP), preceded by another (PREPEND) or "
                "logged (WARN, INFO); see *header_checks*(5). The message in the queue stays as "
                "it is."}};
    Param<Tables> mime_header_checks{
        *this,
        {.name = prefixed("mime_header_checks"),
         .value = "",
         .doc = "The same for fields that describe content (Content-Type and its like, anywhere), "
                "and for all fields of the parts of a message."}};
    Param<Tables> nested_header_checks{
        *this,
        {.name = prefixed("nested_header_checks"),
         .value = "",
         .doc = "The same for the other fields of a message that is attached to the message."}};
    Param<Tables> body_checks{
        *this,
        {.name = prefixed("body_checks"),
         .value = "",
         .doc = "The same for the lines of the body, as they are: nothing is decoded."}};
    Param<Int> body_checks_size_limit{*this, shared::body_checks_size_limit()};
    Param<Text> best_mx_transport{
        *this,
        {.name = "best_mx_transport",
         .value = "",
         .doc = "Where mail goes for which this host is the best mail exchanger, though it does "
                "not know the domain. Only the empty value, which returns such mail, is "
                "supported."}};

    // Name service.
    Param<Text> address_preference{
        *this,
        {.name = prefixed("address_preference"),
         .value = "any",
         .doc = "The address family to try first among equal hosts: any, ipv4, or ipv6."}};
    Param<Bool> balance_inet_protocols{
        *this,
        {.name = prefixed("balance_inet_protocols"),
         .value = "yes",
         .doc = "Makes sure that the addresses that are tried are of both families when a "
                "destination has both."}};
    Param<Int> mx_address_limit{*this,
                                {.name = prefixed("mx_address_limit"),
                                 .value = "5",
                                 .min = "0",
                                 .doc = "Addresses that one delivery tries; 0: no limit."}};
    Param<Int> mx_session_limit{
        *this,
        {.name = prefixed("mx_session_limit"),
         .value = "2",
         .min = "0",
         .doc = "Sessions of one delivery, counted where a connection was made; 0: no limit."}};
    Param<Bool> randomize_addresses{
        *this,
        {.name = prefixed("randomize_addresses"),
         .value = "yes",
         .doc = "Shuffles hosts of the same preference; otherwise they are tried in the order "
                "of the answer."}};
    Param<List> host_lookup{
        *this,
        {.name = prefixed("host_lookup"),
         .value = "dns",
         .doc = "How host names become addresses: dns, native (the hosts file, then DNS), or "
                "both."}};
    Param<Text> dns_support_level{
        *this,
        {.name = prefixed("dns_support_level"),
         .value = "",
         .doc = "disabled, enabled, or dnssec; empty: as disable_dns_lookups says."}};
    Param<Bool> disable_dns_lookups{*this,
                                    {.name = "disable_dns_lookups",
                                     .value = "no",
                                     .doc = "The older way to say smtp_dns_support_level = "
                                            "disabled: no MX look-ups, and hosts are looked up "
                                            "natively."}};
    Param<Bool> ignore_mx_lookup_error{
        *this,
        {.name = "ignore_mx_lookup_error",
         .value = "no",
         .doc = "Looks for the domain's address when the name service does not answer for its "
                "mail exchangers. Loses mail of domains with broken servers."}};
    Param<Bool> defer_if_no_mx_address_found{
        *this,
        {.name = prefixed("defer_if_no_mx_address_found"),
         .value = "no",
         .doc = "Defers mail for a domain of which no mail exchanger has an address, instead of "
                "returning it."}};

    // The conversation.
    Param<Bool> always_send_ehlo{*this,
                                 {.name = prefixed("always_send_ehlo"),
                                  .value = "yes",
                                  .doc = "Sends EHLO whatever the greeting says."}};
    Param<Bool> never_send_ehlo{
        *this, {.name = prefixed("never_send_ehlo"), .value = "no", .doc = "Sends HELO only."}};
    Param<Bool> skip_5xx_greeting{
        *this,
        {.name = prefixed("skip_5xx_greeting"),
         .value = "yes",
         .doc = "Takes a greeting with a 5xx code as a reason to try another host, not to return "
                "the mail."}};
    Param<Bool> skip_quit_response{*this,
                                   {.name = prefixed("skip_quit_response"),
                                    .value = lmtp() ? "no" : "yes",
                                    .doc = "Does not wait for the answer to QUIT."}};
    Param<Bool> quote_rfc821_envelope{*this,
                                      {.name = prefixed("quote_rfc821_envelope"),
                                       .value = "yes",
                                       .doc = "Quotes local parts in MAIL and RCPT where RFC 5321 "
                                              "asks for it."}};
    Param<Bool> send_dummy_mail_auth{*this,
                                     {.name = prefixed("send_dummy_mail_auth"),
                                      .value = "no",
                                      .doc = "Adds AUTH=<> to MAIL in sessions that logged in."}};
    Param<Text> discard_ehlo_keywords{
        *this,
        {.name = prefixed(lmtp() ? "discard_lhlo_keywords" : "discard_ehlo_keywords"),
         .value = "",
         .doc = "Service extensions to overlook in the server's reply, such as pipelining or "
                "8bitmime; silent-discard keeps that out of the log."}};
    Param<Int> line_length_limit{*this,
                                 {.name = prefixed("line_length_limit"),
                                  .value = "998",
                                  .min = "0",
                                  .doc = "Longer lines of content are broken, by a line end and a "
                                         "blank; 0: never."}};
    Param<Bool> disable_mime_output_conversion{
        *this,
        {.name = "disable_mime_output_conversion",
         .value = "no",
         .doc = "Sends 8-bit content as it is to servers that do not offer 8BITMIME."}};
    Param<Int> mime_nesting_limit{*this, shared::mime_nesting_limit()};
    Param<Int> mime_boundary_length_limit{*this, shared::mime_boundary_length_limit()};
    Param<Bool> smtputf8_enable{*this, shared::smtputf8_enable()};

    // Connections that are kept.
    Param<Bool> connection_cache_on_demand{
        *this,
        {.name = prefixed("connection_cache_on_demand"),
         .value = "yes",
         .doc = "Keeps a connection for a while when there is much mail for the destination."}};
    Param<List> connection_cache_destinations{
        *this,
        {.name = prefixed("connection_cache_destinations"),
         .value = "",
         .doc = "Destinations whose connections are always kept: domains, or next hops as "
                "routing gives them."}};
    Param<Seconds> connection_cache_time_limit{*this,
                                               {.name = prefixed("connection_cache_time_limit"),
                                                .value = "2s",
                                                .min = "1s",
                                                .doc = "How long a connection waits for the next "
                                                       "message."}};
    Param<Seconds> connection_reuse_time_limit{
        *this,
        {.name = prefixed("connection_reuse_time_limit"),
         .value = "300s",
         .min = "1s",
         .doc = "The age from which on a connection takes no more messages."}};
    Param<Int> connection_reuse_count_limit{
        *this,
        {.name = prefixed("connection_reuse_count_limit"),
         .value = "0",
         .min = "0",
         .doc = "Messages that go over one connection; 0: no limit."}};

    // Time limits.
    Param<Seconds> connect_timeout{
        *this,
        {.name = prefixed("connect_timeout"),
         .value = lmtp() ? "0s" : "30s",
         .min = "0",
         .doc = "How long setting up a connection may take; 0: as long as the system tries."}};
    Param<Seconds> helo_timeout{
        *this, time_limit(lmtp() ? "lhlo_timeout" : "helo_timeout", "300s",
                          "Time limit for the greeting, and for HELO, EHLO or LHLO.")};
    Param<Seconds> mail_timeout{*this, time_limit("mail_timeout", "300s", "Time limit for MAIL.")};
    Param<Seconds> rcpt_timeout{*this, time_limit("rcpt_timeout", "300s", "Time limit for RCPT.")};
    Param<Seconds> data_init_timeout{
        *this, time_limit("data_init_timeout", "120s", "Time limit for DATA.")};
    Param<Seconds> data_xfer_timeout{
        *this, time_limit("data_xfer_timeout", "180s",
                          "Time limit for sending each 64 kilobytes of content.")};
    Param<Seconds> data_done_timeout{
        *this, time_limit("data_done_timeout", "600s",
                          "Time limit for the reply to the end of the content.")};
    Param<Seconds> rset_timeout{*this, time_limit("rset_timeout", "20s", "Time limit for RSET.")};
    Param<Seconds> quit_timeout{*this, time_limit("quit_timeout", "300s", "Time limit for QUIT.")};

private:
    std::string prefixed(const char* rest) const
    {
        return std::string(lmtp() ? "lmtp_" : "smtp_") + rest;
    }
    Spec time_limit(const char* rest, const char* value, const char* doc) const
    {
        return {.name = prefixed(rest), .value = value, .min = "1s", .doc = doc};
    }
};

struct SmtpParams : SmtpClientParams {
    SmtpParams() : SmtpClientParams(Kind::Smtp) {}
};
struct LmtpParams : SmtpClientParams {
    LmtpParams() : SmtpClientParams(Kind::Lmtp) {}
};

} // namespace config
