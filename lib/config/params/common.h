// SPDX-License-Identifier: Apache-2.0
// Parameters that every daemon and command knows: names, directories, users, log, limits of the
// process frame.
#pragma once

#include "lib/config/param.h"

namespace config {

struct CommonParams : ParamSet {
    Param<Text> myhostname{
        *this,
        {.name = "myhostname",
         .value = "",
         .doc = "The host name of this mail system; by default the machine's own fully qualified "
                "name, or name.localdomain when it has none."}};
    Param<Text> mydomain{*this,
                         {.name = "mydomain",
                          .value = "",
                          .doc = "The domain name of this mail system; by default *myhostname* "
                                 "without its first label."}};
    Param<Text> myorigin{
        *this,
        {.name = "myorigin",
         .value = "$myhostname",
         .doc = "The domain that is appended to addresses without one, on mail from this host. A "
                "value that begins with / names a file with the domain."}};
    Param<Text> mail_name{
        *this,
        {.name = "mail_name",
         .value = "Posthouse",
         .doc = "The name of the mail system in greetings, Received headers and notices."}};
    Param<Text> mail_version{*this,
                             {.name = "mail_version",
                              .value = DEFAULT_MAIL_VERSION,
                              .doc = "The version: the Postfix release whose language this release "
                                     "follows, then our own number."}};
    Param<Text> mail_owner{*this,
                           {.name = "mail_owner",
                            .value = DEFAULT_MAIL_OWNER,
                            .doc = "The user that owns the queue and runs most daemons. No other "
                                   "program should run as this user."}};
    Param<Text> setgid_group{
        *this,
        {.name = "setgid_group",
         .value = DEFAULT_SETGID_GROUP,
         .doc = "The group of set-gid commands and of the directories they may use."}};
    Param<Path> config_directory{*this,
                                 {.name = "config_directory",
                                  .value = DEFAULT_CONFIG_DIRECTORY,
                                  .doc = "Where main.cf and master.cf are."}};
    Param<Path> queue_directory{
        *this,
        {.name = "queue_directory",
         .value = DEFAULT_QUEUE_DIRECTORY,
         .doc = "The mail queue, and the root of daemons that run with chroot."}};
    Param<Path> data_directory{*this,
                               {.name = "data_directory",
                                .value = DEFAULT_DATA_DIRECTORY,
                                .doc = "Caches and indexes that *mail_owner* may write."}};
    Param<Path> command_directory{*this,
                                  {.name = "command_directory",
                                   .value = DEFAULT_COMMAND_DIRECTORY,
                                   .doc = "Where the administrator's commands are."}};
    Param<Path> daemon_directory{*this,
                                 {.name = "daemon_directory",
                                  .value = DEFAULT_DAEMON_DIRECTORY,
                                  .doc = "Where the daemon programs are."}};
    Param<Text> shlib_directory{*this,
                                {.name = "shlib_directory",
                                 .value = DEFAULT_SHLIB_DIRECTORY,
                                 .doc = "Where modules for lookup tables in databases are."}};
    Param<Text> meta_directory{*this,
                               {.name = "meta_directory",
                                .value = DEFAULT_CONFIG_DIRECTORY,
                                .doc = "Where dynamicmaps.cf and dynamicmaps.cf.d are, which say "
                                       "which modules for lookup tables are installed."}};
    Param<Text> syslog_name{
        *this,
        {.name = "syslog_name",
         .value = "${multi_instance_name?{$multi_instance_name}:{postfix}}",
         .doc = "What stands before the slash and the program name in each log line."}};
    Param<Text> syslog_facility{*this,
                                {.name = "syslog_facility",
                                 .value = "mail",
                                 .doc = "The facility of lines sent to the system log."}};
    Param<Text> multi_instance_name{
        *this,
        {.name = "multi_instance_name",
         .value = "",
         .doc = "The name of this instance where several run on one host."}};
    Param<Text> maillog_file{*this,
                             {.name = "maillog_file",
                              .value = "",
                              .doc = "A log file, or /dev/stdout, to write instead of the system "
                                     "log; empty: the system log."}};
    Param<Int> max_use{*this,
                       {.name = "max_use",
                        .value = "100",
                        .min = "1",
                        .doc = "How many times a worker uses each of its client places before it "
                               "makes room for a fresh process: a worker that serves N clients at "
                               "a time ends after N times this many clients."}};
    Param<Seconds> max_idle{*this,
                            {.name = "max_idle",
                             .value = "100s",
                             .min = "1s",
                             .doc = "How long a worker without clients stays."}};
    Param<Seconds> ipc_timeout{*this,
                               {.name = "ipc_timeout",
                                .value = "3600s",
                                .min = "1s",
                                .doc = "How long one daemon waits for another's answer."}};
    Param<Seconds> daemon_timeout{*this,
                                  {.name = "daemon_timeout",
                                   .value = "18000s",
                                   .min = "1s",
                                   .doc = "How long a daemon that does not come back to its loop "
                                          "is let alone before its watchdog ends it."}};
    Param<Int> default_process_limit{*this,
                                     {.name = "default_process_limit",
                                      .value = "100",
                                      .min = "1",
                                      .doc = "The number of worker processes of a service that has "
                                             "- in the maxproc column of master.cf."}};
    Param<Text> compatibility_level{
        *this,
        {.name = "compatibility_level",
         .value = "0",
         .doc = "The Postfix release whose defaults this main.cf was written for."}};
    Param<List> inet_interfaces{
        *this,
        {.name = "inet_interfaces",
         .value = "all",
         .doc =
             "The addresses, or host names, that services of type inet listen on when master.cf "
             "names none, and that are taken as this host's own: all, loopback-only, or a list."}};
    Param<List> inet_protocols{*this,
                               {.name = "inet_protocols",
                                .value = "all",
                                .doc = "The address families in use: all, ipv4, ipv6, or a list."}};
    Param<List> proxy_interfaces{
        *this,
        {.name = "proxy_interfaces",
         .value = "",
         .doc = "Addresses at which mail reaches this host through a proxy or address translation; "
                "they are taken as its own."}};
};

} // namespace config
