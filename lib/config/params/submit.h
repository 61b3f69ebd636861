// SPDX-License-Identifier: Apache-2.0
// Parameters of local submission: sendmail, postdrop and pickup.
#pragma once

#include <array>

#include "lib/config/params/input.h"
#include "lib/config/params/shared.h"

namespace config {

// What sendmail does about CRLF at the end of input lines.
enum class LineEndings : std::uint8_t { Always, Strict, Never };

constexpr auto choice_table(LineEndings)
{
    return std::array<ChoiceName<LineEndings>, 3>{{{"always", LineEndings::Always},
                                                   {"strict", LineEndings::Strict},
                                                   {"never", LineEndings::Never}}};
}

struct SendmailParams : ParamSet {
    Param<Path> sendmail_path{*this,
                              {.name = "sendmail_path",
                               .value = DEFAULT_SENDMAIL_PATH,
                               .doc = "Where the sendmail command is installed."}};
    Param<Path> mailq_path{*this,
                           {.name = "mailq_path",
                            .value = DEFAULT_MAILQ_PATH,
                            .doc = "Where its other name mailq is installed."}};
    Param<Path> newaliases_path{*this,
                                {.name = "newaliases_path",
                                 .value = DEFAULT_NEWALIASES_PATH,
                                 .doc = "Where its other name newaliases is installed."}};
    Param<Choice<LineEndings>> fix_line_endings{
        *this,
        {.name = "sendmail_fix_line_endings",
         .value = "always",
         .doc = "Whether sendmail takes CR LF at the end of input lines as the line's end: always, "
                "when the first line ends so (strict), or never."}};
    Param<List> alias_database{
        *this,
        {.name = "alias_database",
         .value = "hash:/etc/aliases",
         .doc = "The tables that newaliases and sendmail -bi build from their sources."}};
};

struct PostdropParams : ParamSet {
    Param<Tables> local_login_sender_maps{
        *this,
        {.name = "local_login_sender_maps",
         .value = "static:*",
         .doc = "Tables from login names (or uid:NUMBER, for users without one) to the envelope "
                "senders that may be used with sendmail, as a list of patterns: an address, "
                "@domain, *empty_address_local_login_sender_maps_lookup_key* for the null sender, "
                "and an asterisk for all. What follows a *recipient_delimiter* in the sender does "
                "not count."}};
    Param<Text> null_sender_key{*this,
                                {.name = "empty_address_local_login_sender_maps_lookup_key",
                                 .value = "<>",
                                 .doc = "The pattern in the answers of "
                                        "*local_login_sender_maps* that allows the null sender."}};
    Param<Text> recipient_delimiter{*this, shared::recipient_delimiter()};
    Param<List> authorized_submit_users{
        *this,
        {.name = "authorized_submit_users",
         .value = "static:anyone",
         .doc = "Users who may submit mail with sendmail: login names, each with ! before it for "
                "the opposite, or static:anyone. It holds for root too; empty, nobody may."}};
    Param<Int> message_size_limit{*this, shared::message_size_limit()};
    Param<Bool> enable_long_queue_ids{*this, shared::enable_long_queue_ids()};
    Param<Text> pickup_service_name{*this, shared::pickup_service_name()};
};

struct PickupParams : ParamSet {
    Param<Text> cleanup_service_name{*this,
                                     {.name = "cleanup_service_name",
                                      .value = "cleanup",
                                      .doc = "The socket in public/ of the service that makes "
                                             "queue files."}};
    Param<Text> content_filter{*this, content_filter_spec()};
    Param<Choices<InputOption>> receive_override_options{*this, receive_override_options_spec()};
};

} // namespace config
