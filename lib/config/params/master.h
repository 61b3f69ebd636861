// SPDX-License-Identifier: Apache-2.0
// Parameters of master(8) and of the log files that postlogd(8) writes.
#pragma once

#include "lib/config/param.h"

namespace config {

struct MasterParams : ParamSet {
    Param<Seconds> service_throttle_time{
        *this,
        {.name = "service_throttle_time",
         .value = "60s",
         .min = "1s",
         .doc = "The longest wait before a service whose processes keep failing is started again. "
                "The first failure waits not at all, each further one twice as long."}};
    Param<Seconds> master_stop_timeout{
        *this,
        {.name = "master_stop_timeout",
         .value = "20s",
         .min = "0s",
         .doc = "How long *postfix stop* lets processes finish their work before it ends them.",
         .since = "Posthouse"}};
    Param<List> import_environment{
        *this,
        {.name = "import_environment",
         .value = "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C "
                  "POSTLOG_SERVICE POSTLOG_HOSTNAME",
         .doc = "The environment that daemons get: names are passed on when they are set, "
                "name=value is set."}};
    Param<Text> process_id_directory{
        *this,
        {.name = "process_id_directory",
         .value = "pid",
         .doc = "Where master.pid is, relative to the queue directory."}};
    Param<List> master_service_disable{
        *this,
        {.name = "master_service_disable",
         .value = "",
         .doc = "Services of master.cf that are not to run: name/type, or a type alone."}};
};

struct MaillogParams : ParamSet {
    Param<List> maillog_file_prefixes{
        *this,
        {.name = "maillog_file_prefixes",
         .value = "/var, /dev/stdout",
         .doc = "*maillog_file* must be one of these, or a file below one of them."}};
    Param<Text> maillog_file_permissions{
        *this,
        {.name = "maillog_file_permissions",
         .value = "0600",
         .doc = "The mode of a log file that is made anew: 0600, 0640 or 0644."}};
    Param<Text> maillog_file_rotate_suffix{
        *this,
        {.name = "maillog_file_rotate_suffix",
         .value = "%Y%m%d-%H%M%S",
         .doc = "What *postfix logrotate* appends to the old file's name, as strftime(3)."}};
    Param<Text> maillog_file_compressor{
        *this,
        {.name = "maillog_file_compressor",
         .value = "gzip",
         .doc =
             "The command that compresses the old file after *postfix logrotate*; empty: none."}};
    Param<Text> postlog_service_name{
        *this,
        {.name = "postlog_service_name",
         .value = "postlog",
         .doc = "The service in master.cf that takes log lines for *maillog_file*."}};
};

} // namespace config
