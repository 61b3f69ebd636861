// SPDX-License-Identifier: Apache-2.0
// Parameters of smtpd, with those of lib/route, which decide about addresses.
#pragma once

#include <array>

#include "lib/config/params/input.h"
#include "lib/config/params/route.h"
#include "lib/config/params/shared.h"

namespace config {

enum class BareNewlineRule : unsigned char { No, Normalize, Reject, Note };
constexpr auto choice_table(BareNewlineRule) -> std::array<ChoiceName<BareNewlineRule>, 5>
{
    return {{{"normalize", BareNewlineRule::Normalize},
             {"yes", BareNewlineRule::Normalize},
             {"reject", BareNewlineRule::Reject},
             {"note", BareNewlineRule::Note},
             {"no", BareNewlineRule::No}}};
}

enum class TempfailAction : unsigned char { Defer, DeferIfPermit };
constexpr auto choice_table(TempfailAction) -> std::array<ChoiceName<TempfailAction>, 2>
{
    return {{{"defer", TempfailAction::Defer}, {"defer_if_permit", TempfailAction::DeferIfPermit}}};
}

struct SmtpdParams : RouteParams {
    Param<Text> banner{
        *this,
        {.name = "smtpd_banner",
         .value = "$myhostname ESMTP $mail_name",
         .doc = "The text after 220 in the greeting; RFC 5321 wants the host name first."}};
    Param<Seconds> timeout{*this,
                           {.name = "smtpd_timeout",
                            .value = "${stress?{10}:{300}}s",
                            .min = "1s",
                            .doc = "How long a client may take to send its next command or piece "
                                   "of content, and to take a reply."}};
    Param<Text> per_record_deadline{*this,
                                    {.name = "smtpd_per_record_deadline",
                                     .value = "",
                                     .doc = "The old name of *smtpd_per_request_deadline*."}};
    Param<Bool> per_request_deadline{
        *this,
        {.name = "smtpd_per_request_deadline",
         .value =
             "${smtpd_per_record_deadline?{$smtpd_per_record_deadline}:{${stress?{yes}:{no}}}}",
         .doc = "Let *smtpd_timeout* hold for a whole command, so that a byte now and then gains "
                "no time."}};
    Param<Int> min_data_rate{*this,
                             {.name = "smtpd_min_data_rate",
                              .value = "500",
                              .min = "1",
                              .doc = "Bytes per second of content that earn a client a second "
                                     "more, with *smtpd_per_request_deadline*."}};
    Param<Seconds> error_sleep_time{*this,
                                    {.name = "smtpd_error_sleep_time",
                                     .value = "1s",
                                     .min = "0s",
                                     .doc = "Delay before each reply once a client has made more "
                                            "than *smtpd_soft_error_limit* errors."}};
    Param<Int> soft_error_limit{*this,
                                {.name = "smtpd_soft_error_limit",
                                 .value = "10",
                                 .min = "1",
                                 .doc = "Errors of a client after which its replies are delayed."}};
    Param<Int> hard_error_limit{*this,
                                {.name = "smtpd_hard_error_limit",
                                 .value = "${stress?{1}:{20}}",
                                 .min = "1",
                                 .doc = "Errors of a client after which it is disconnected."}};
    Param<Int> junk_command_limit{
        *this,
        {.name = "smtpd_junk_command_limit",
         .value = "${stress?{1}:{100}}",
         .min = "1",
         .doc = "Commands that move no mail (NOOP, RSET, VRFY, ETRN, HELO) that a client may send "
                "per message; more count as errors."}};
    Param<Int> recipient_limit{*this,
                               {.name = "smtpd_recipient_limit",
                                .value = "1000",
                                .min = "1",
                                .doc = "Recipients that a client may send for one message."}};
    Param<Int> recipient_overshoot_limit{*this,
                                         {.name = "smtpd_recipient_overshoot_limit",
                                          .value = "1000",
                                          .min = "1",
                                          .doc = "Recipients beyond *smtpd_recipient_limit* that "
                                                 "are refused before they count as errors."}};
    Param<Int> line_length_limit{*this, shared::line_length_limit()};
    Param<Int> message_size_limit{*this, shared::message_size_limit()};
    Param<Bool> helo_required{
        *this,
        {.name = "smtpd_helo_required",
         .value = "no",
         .doc =
             "Require that clients introduce themselves with HELO or EHLO before they send mail."}};
    Param<Bool> delay_reject{
        *this,
        {.name = "smtpd_delay_reject",
         .value = "yes",
         .doc = "Decide about client, HELO name and sender at the first RCPT TO (or VRFY, ETRN), "
                "when the log can tell whom the mail was for."}};
    Param<Bool> disable_vrfy_command{
        *this, {.name = "disable_vrfy_command", .value = "no", .doc = "Do not answer VRFY."}};
    Param<Bool> strict_rfc821_envelopes{*this,
                                        {.name = "strict_rfc821_envelopes",
                                         .value = "no",
                                         .doc = "Take addresses in MAIL FROM and RCPT TO only in "
                                                "angle brackets and without comments."}};
    Param<Bool> strict_smtputf8{
        *this,
        {.name = "strict_smtputf8",
         .value = "no",
         .doc = "Refuse addresses with UTF-8 from clients that did not ask for SMTPUTF8."}};
    Param<Bool> forbid_unauth_pipelining{
        *this,
        {.name = "smtpd_forbid_unauth_pipelining",
         .value = "yes",
         .doc = "Disconnect clients that send commands before they may."}};
    Param<Choice<BareNewlineRule>> forbid_bare_newline{
        *this,
        {.name = "smtpd_forbid_bare_newline",
         .value = "normalize",
         .doc = "What becomes of lines that do not end in CR LF: *normalize* (yes) ends the "
                "message only at a proper line and repairs the others, *reject* refuses and "
                "disconnects, *note* only mentions them in the log, *no* takes them as they are."}};
    Param<Networks> forbid_bare_newline_exclusions{
        *this,
        {.name = "smtpd_forbid_bare_newline_exclusions",
         .value = "$mynetworks",
         .doc = "Clients that *smtpd_forbid_bare_newline* does not apply to: a list as "
                "*mynetworks*."}};
    Param<Int> forbid_bare_newline_reject_code{
        *this,
        {.name = "smtpd_forbid_bare_newline_reject_code",
         .value = "550",
         .min = "500",
         .max = "599",
         .doc = "The reply to a bare line feed with *smtpd_forbid_bare_newline* = reject."}};
    Param<Bool> replace_stray_cr_lf{
        *this,
        {.name = "cleanup_replace_stray_cr_lf",
         .value = "yes",
         .doc = "Replace carriage returns and line feeds within lines of content by spaces."}};
    Param<List> discard_ehlo_keywords{*this,
                                      {.name = "smtpd_discard_ehlo_keywords",
                                       .value = "",
                                       .doc = "Keywords that the reply to EHLO does not have; "
                                              "*silent-discard* keeps that out of the log."}};
    Param<Networks> authorized_verp_clients{
        *this,
        {.name = "smtpd_authorized_verp_clients",
         .value = "$authorized_verp_clients",
         .doc = "Clients that may ask for variable envelope return paths with XVERP: a list as "
                "*mynetworks*."}};
    Param<Networks> old_authorized_verp_clients{
        *this,
        {.name = "authorized_verp_clients",
         .value = "",
         .doc = "The old name of *smtpd_authorized_verp_clients*."}};
    Param<Tables> discard_ehlo_keyword_address_maps{
        *this,
        {.name = "smtpd_discard_ehlo_keyword_address_maps",
         .value = "",
         .doc = "Tables that give *smtpd_discard_ehlo_keywords* by client address."}};
    Param<Text> content_filter{*this, content_filter_spec()};
    Param<Choices<InputOption>> receive_override_options{*this, receive_override_options_spec()};
    Param<Tables> command_filter{
        *this,
        {.name = "smtpd_command_filter",
         .value = "",
         .doc = "A table that is asked about each line that a client sends as a command, and gives "
                "what takes its place: for clients that cannot be helped otherwise. The log tells. "
                "When it cannot be asked, the session ends with 421."}};
    Param<List> noop_commands{
        *this,
        {.name = "smtpd_noop_commands",
         .value = "",
         .doc = "Commands that are answered with 250 and otherwise ignored, our own too; words and "
                "tables (*regexp:*, *pcre:* and others)."}};
    Param<List> forbidden_commands{
        *this,
        {.name = "smtpd_forbidden_commands",
         .value = "CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}",
         .doc = "Commands of other protocols, as words and tables: a client that sends one is "
                "disconnected, and so is one that sends a header field (\"Label:\")."}};
    Param<Raw> reject_footer{
        *this,
        {.name = "smtpd_reject_footer",
         .value = "",
         .doc = "Text that follows each reply that refuses (4xx and 5xx), as lines of its own; "
                "*\\n* in it begins another line, and *\\c* at its start goes on in the reply's "
                "last. *$client_address*, *$client_port*, *$localtime* and *$server_name* are put "
                "in. The log does not show it."}};
    Param<Bool> client_port_logging{
        *this,
        {.name = "smtpd_client_port_logging",
         .value = "no",
         .doc = "Show the client's port in log lines: name[address]:port."}};
    Param<Bool> peername_lookup{
        *this,
        {.name = "smtpd_peername_lookup",
         .value = "yes",
         .doc = "Look up the names of clients; without it they are all unknown."}};
    Param<Int> client_limit{*this,
                            {.name = "smtpd_client_limit",
                             .value = "5000",
                             .min = "1",
                             .doc = "Sessions that one process serves at a time; 1 gives each "
                                    "client a process of its own."}};
    Param<Bool> soft_bounce{*this, shared::soft_bounce()};
    Param<Bool> relay_before_recipient{
        *this,
        {.name = "smtpd_relay_before_recipient_restrictions",
         .value = "${{$compatibility_level} <level {3.6} ? {no} : {yes}}",
         .doc = "Apply *smtpd_relay_restrictions* before *smtpd_recipient_restrictions*."}};
    Param<List> client_restrictions{*this,
                                    {.name = "smtpd_client_restrictions",
                                     .value = "",
                                     .doc = "What is asked of a client when it connects."}};
    Param<List> helo_restrictions{*this,
                                  {.name = "smtpd_helo_restrictions",
                                   .value = "",
                                   .doc = "What is asked of the name in HELO or EHLO."}};
    Param<List> sender_restrictions{*this,
                                    {.name = "smtpd_sender_restrictions",
                                     .value = "",
                                     .doc = "What is asked of the sender in MAIL FROM."}};
    Param<List> relay_restrictions{
        *this,
        {.name = "smtpd_relay_restrictions",
         .value = "${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, "
                  "permit_sasl_authenticated, defer_unauth_destination}}",
         .doc = "Who may send mail to where through this host; asked at RCPT TO. This list, or "
                "*smtpd_recipient_restrictions*, must have an end such as "
                "*reject_unauth_destination* that makes this host no open relay."}};
    Param<List> recipient_restrictions{*this,
                                       {.name = "smtpd_recipient_restrictions",
                                        .value = "",
                                        .doc = "What is asked of a recipient in RCPT TO."}};
    Param<List> data_restrictions{
        *this, {.name = "smtpd_data_restrictions", .value = "", .doc = "What is asked at DATA."}};
    Param<List> end_of_data_restrictions{*this,
                                         {.name = "smtpd_end_of_data_restrictions",
                                          .value = "",
                                          .doc = "What is asked when the content has come."}};
    Param<List> etrn_restrictions{
        *this, {.name = "smtpd_etrn_restrictions", .value = "", .doc = "What is asked at ETRN."}};
    Param<List> restriction_classes{*this,
                                    {.name = "smtpd_restriction_classes",
                                     .value = "",
                                     .doc = "Names of parameters that hold lists of restrictions, "
                                            "which then work as restrictions themselves."}};
    Param<Patterns> fast_flush_domains{*this,
                                       {.name = "fast_flush_domains",
                                        .value = "$relay_domains",
                                        .doc = "Domains whose mail ETRN may call for."}};
    Param<Text> null_access_lookup_key{
        *this,
        {.name = "smtpd_null_access_lookup_key",
         .value = "<>",
         .doc = "What access tables are asked for the null sender."}};
    Param<Patterns> log_access_permit_actions{
        *this,
        {.name = "smtpd_log_access_permit_actions",
         .value = "",
         .doc = "Restrictions, or results of access tables, whose permission is logged; static:all "
                "logs each."}};
    Param<Choice<TempfailAction>> reject_tempfail_action{
        *this,
        {.name = "reject_tempfail_action",
         .value = "defer_if_permit",
         .doc = "What a restriction does that cannot find out for now: *defer* at once, or "
                "*defer_if_permit*: only mail that nothing else refuses."}};
    Param<Choice<TempfailAction>> unknown_address_tempfail_action{
        *this,
        {.name = "unknown_address_tempfail_action",
         .value = "$reject_tempfail_action",
         .doc =
             "The same for *reject_unknown_sender_domain* and *reject_unknown_recipient_domain*."}};
    Param<Choice<TempfailAction>> unknown_helo_hostname_tempfail_action{
        *this,
        {.name = "unknown_helo_hostname_tempfail_action",
         .value = "$reject_tempfail_action",
         .doc = "The same for *reject_unknown_helo_hostname*."}};
    Param<Int> access_map_reject_code{*this,
                                      {.name = "access_map_reject_code",
                                       .value = "554",
                                       .min = "400",
                                       .max = "599",
                                       .doc = "The reply code of REJECT in an access table."}};
    Param<Int> access_map_defer_code{*this,
                                     {.name = "access_map_defer_code",
                                      .value = "450",
                                      .min = "400",
                                      .max = "599",
                                      .doc = "The reply code of DEFER in an access table."}};
    Param<Int> reject_code{*this,
                           {.name = "reject_code",
                            .value = "554",
                            .min = "400",
                            .max = "599",
                            .doc = "The reply code of the restriction *reject*."}};
    Param<Int> defer_code{*this,
                          {.name = "defer_code",
                           .value = "450",
                           .min = "400",
                           .max = "599",
                           .doc = "The reply code of the restriction *defer*."}};
    Param<Int> relay_domains_reject_code{
        *this,
        {.name = "relay_domains_reject_code",
         .value = "554",
         .min = "400",
         .max = "599",
         .doc = "The reply code of mail that this host does not relay."}};
    Param<Int> invalid_hostname_reject_code{
        *this,
        {.name = "invalid_hostname_reject_code",
         .value = "501",
         .min = "400",
         .max = "599",
         .doc = "The reply code of *reject_invalid_helo_hostname*."}};
    Param<Int> non_fqdn_reject_code{
        *this,
        {.name = "non_fqdn_reject_code",
         .value = "504",
         .min = "400",
         .max = "599",
         .doc = "The reply code of *reject_non_fqdn_helo_hostname* and its like."}};
    Param<Int> unknown_hostname_reject_code{
        *this,
        {.name = "unknown_hostname_reject_code",
         .value = "450",
         .min = "400",
         .max = "599",
         .doc = "The reply code of *reject_unknown_helo_hostname*."}};
    Param<Int> unknown_client_reject_code{
        *this,
        {.name = "unknown_client_reject_code",
         .value = "450",
         .min = "400",
         .max = "599",
         .doc = "The reply code of *reject_unknown_client_hostname*."}};
    Param<Int> unknown_address_reject_code{
        *this,
        {.name = "unknown_address_reject_code",
         .value = "450",
         .min = "400",
         .max = "599",
         .doc = "The reply code of *reject_unknown_sender_domain* and "
                "*reject_unknown_recipient_domain*."}};
    Param<Int> multi_recipient_bounce_reject_code{
        *this,
        {.name = "multi_recipient_bounce_reject_code",
         .value = "550",
         .min = "400",
         .max = "599",
         .doc = "The reply code of *reject_multi_recipient_bounce*."}};
    Param<Int> plaintext_reject_code{*this,
                                     {.name = "plaintext_reject_code",
                                      .value = "450",
                                      .min = "400",
                                      .max = "599",
                                      .doc = "The reply code of *reject_plaintext_session*."}};
};

} // namespace config
