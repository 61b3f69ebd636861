// SPDX-License-Identifier: Apache-2.0
// Parameters of virtual(8). Those of addresses and of mailbox files are in route.h and mailbox.h.
#pragma once

#include "lib/config/params/shared.h"
#include "lib/config/params/status_filter.h"

namespace config {

struct VirtualParams : ParamSet {
    Param<Tables> delivery_status_filter{*this, status_filter_spec("virtual")};
    Param<Text> mailbox_base{
        *this,
        {.name = "virtual_mailbox_base",
         .value = "",
         .doc = "The directory that mailbox names of *virtual_mailbox_maps* are relative to. Must "
                "be set for mail to be delivered."}};
    Param<Tables> uid_maps{*this,
                           {.name = "virtual_uid_maps",
                            .value = "",
                            .doc = "Tables with the user number that an address's mailbox is "
                                   "written with."}};
    Param<Tables> gid_maps{
        *this, {.name = "virtual_gid_maps", .value = "", .doc = "The same for the group number."}};
    Param<Int> minimum_uid{
        *this,
        {.name = "virtual_minimum_uid",
         .value = "100",
         .min = "1",
         .doc =
             "User numbers below this are not taken from *virtual_uid_maps*: mail is deferred."}};
    Param<Size> mailbox_limit{
        *this,
        {.name = "virtual_mailbox_limit",
         .value = "51200000",
         .doc = "Bytes of one mailbox file, or of one message in a Maildir; what would be more is "
                "returned. 0: no limit."}};
    Param<List> mailbox_lock{
        *this,
        {.name = "virtual_mailbox_lock",
         .value = "fcntl, dotlock",
         .doc = "How mailbox files are locked: one or more of flock, fcntl and dotlock."}};
    Param<Int> client_limit{
        *this,
        {.name = "virtual_client_limit",
         .value = "20",
         .min = "1",
         .doc = "Deliveries that one worker of the virtual service does at a time, each in a child "
                "with the rights of the mailbox's owner."}};
    Param<Int> message_size_limit{*this, shared::message_size_limit()};
};

} // namespace config
