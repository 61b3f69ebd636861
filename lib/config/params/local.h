// SPDX-License-Identifier: Apache-2.0
// Parameters of local delivery: aliases, .forward files, mailboxes, commands. Those with Raw values
// are expanded for each recipient; local(8) tells the names.
#pragma once

#include "lib/config/params/shared.h"
#include "lib/config/params/status_filter.h"

namespace config {

struct LocalParams : ParamSet {
    Param<Tables> delivery_status_filter{*this, status_filter_spec("local")};
    Param<Int> client_limit{
        *this,
        {.name = "local_client_limit",
         .value = "20",
         .min = "1",
         .doc = "Deliveries that one worker of the local service does at a time."}};
    Param<List> allow_mail_to_commands{
        *this,
        {.name = "allow_mail_to_commands",
         .value = "alias, forward",
         .doc = "Where |command may stand: alias, forward (.forward files), include (:include: "
                "files)."}};
    Param<List> allow_mail_to_files{
        *this,
        {.name = "allow_mail_to_files",
         .value = "alias, forward",
         .doc = "Where /file may stand: alias, forward, include, as in *allow_mail_to_commands*."}};
    Param<Raw> forward_path{
        *this,
        {.name = "forward_path",
         .value = "$home/.forward${recipient_delimiter}${extension}, $home/.forward",
         .doc = "Where a user's forwarding file is looked for; the first that exists counts. Names "
                "that stand for a part of the recipient or of the user are told in local(8); a "
                "path with one that has no value is passed over."}};
    Param<Text> forward_expansion_filter{
        *this,
        {.name = "forward_expansion_filter",
         .value = "1234567890!@%-_=+:,./"
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
         .doc = "The characters that values put into *forward_path* may have; others become _."}};
    Param<Bool> owner_request_special{
        *this,
        {.name = "owner_request_special",
         .value = "yes",
         .doc = "Whether the alias owner-list is the sender of what alias list expands to."}};
    Param<Bool> expand_owner_alias{
        *this,
        {.name = "expand_owner_alias",
         .value = "no",
         .doc = "Whether that sender is what the alias owner-list stands for, instead of its "
                "name."}};
    Param<Bool> reset_owner_alias{
        *this,
        {.name = "reset_owner_alias",
         .value = "no",
         .doc = "Whether an alias without an owner, within one that has an owner, delivers to its "
                "local users directly instead of by a new message."}};
    Param<Bool> frozen_delivered_to{
        *this,
        {.name = "frozen_delivered_to",
         .value = "yes",
         .doc = "Whether Delivered-To always names the recipient that the message came for; else "
                "it names the last alias or user on the way."}};
    Param<List> prepend_delivered_header{
        *this,
        {.name = "prepend_delivered_header",
         .value = "command, file, forward",
         .doc = "Which deliveries get a Delivered-To field, by which mail loops are found."}};
    Param<Int> duplicate_filter_limit{*this, shared::duplicate_filter_limit()};
    Param<Text> default_privs{
        *this,
        {.name = "default_privs",
         .value = "nobody",
         .doc = "The user whose rights commands and files of root's aliases are used with."}};
    Param<Bool> require_home_directory{
        *this,
        {.name = "require_home_directory",
         .value = "no",
         .doc = "Whether mail waits as long as the recipient's home directory cannot be "
                "reached."}};
    Param<Text> home_mailbox{
        *this,
        {.name = "home_mailbox",
         .value = "",
         .doc = "The mailbox below a user's home directory; one with / at its end is a Maildir. "
                "Empty: *mail_spool_directory*."}};
    Param<Text> mail_spool_directory{
        *this,
        {.name = "mail_spool_directory",
         .value = "/var/mail",
         .doc = "Where the users' mailboxes are; with / at its end they are Maildirs."}};
    Param<Size> mailbox_size_limit{
        *this,
        {.name = "mailbox_size_limit",
         .value = "51200000",
         .doc = "Bytes of a file that local delivery writes, at most; 0: no limit."}};
    Param<List> mailbox_delivery_lock{
        *this,
        {.name = "mailbox_delivery_lock",
         .value = "fcntl, dotlock",
         .doc = "How a mailbox file is locked: flock, fcntl, dotlock, or several of them."}};
    Param<Bool> biff{*this,
                     {.name = "biff",
                      .value = "yes",
                      .doc = "Whether the comsat service of this host is told about new mail in "
                             "a user's mailbox."}};
    Param<Raw> mailbox_command{
        *this,
        {.name = "mailbox_command",
         .value = "",
         .doc = "A command that gets the mail of users instead of their mailbox, run as the user. "
                "Its environment tells about the recipient; no $name is replaced here."}};
    Param<List> mailbox_command_maps{
        *this,
        {.name = "mailbox_command_maps",
         .value = "",
         .doc = "Tables with such commands by user name; *mailbox_command* is for the others."}};
    Param<Text> mailbox_transport{
        *this,
        {.name = "mailbox_transport",
         .value = "",
         .doc = "The delivery agent, with an optional next hop, that takes mail for mailboxes of "
                "all local recipients, users of this host or not."}};
    Param<List> mailbox_transport_maps{*this,
                                       {.name = "mailbox_transport_maps",
                                        .value = "",
                                        .doc = "Tables with such agents by user name."}};
    Param<Text> fallback_transport{
        *this,
        {.name = "fallback_transport",
         .value = "",
         .doc = "The delivery agent, with an optional next hop, for names that are neither alias "
                "nor user."}};
    Param<List> fallback_transport_maps{*this,
                                        {.name = "fallback_transport_maps",
                                         .value = "",
                                         .doc = "Tables with such agents by user name."}};
    Param<Raw> luser_relay{
        *this,
        {.name = "luser_relay",
         .value = "",
         .doc = "An address that gets mail for names that are neither alias nor user. Names that "
                "stand for a part of the recipient are told in local(8)."}};
    Param<Text> local_command_shell{
        *this,
        {.name = "local_command_shell",
         .value = "",
         .doc = "A program, with arguments, that runs all commands; empty: /bin/sh, for commands "
                "with characters that mean something to it."}};
    Param<Raw> command_execution_directory{
        *this,
        {.name = "command_execution_directory",
         .value = "",
         .doc = "Where commands are run, such as $home; empty: the queue directory."}};
    Param<Text> execution_directory_expansion_filter{
        *this,
        {.name = "execution_directory_expansion_filter",
         .value = "1234567890!@%-_=+:,./"
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
         .doc = "The characters that values put into *command_execution_directory* may have; "
                "others become _."}};
    Param<Text> command_expansion_filter{
        *this,
        {.name = "command_expansion_filter",
         .value = "1234567890!@%-_=+:,./"
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
         .doc = "The characters that values in the environment of commands may have; others "
                "become _."}};

    void check(const MainCf& main, Faults& faults) const override;
};

} // namespace config
