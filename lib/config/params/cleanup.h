// SPDX-License-Identifier: Apache-2.0
// Parameters of cleanup.
#pragma once

#include "lib/config/param_lists.h"
#include "lib/config/params/shared.h"

namespace config {

struct CleanupParams : ParamSet {
    Param<Int> message_size_limit{*this, shared::message_size_limit()};
    Param<Int> header_size_limit{
        *this,
        {.name = "header_size_limit",
         .value = "102400",
         .min = "1",
         .doc = "Bytes of one header field, at most; what is beyond is dropped."}};
    Param<Int> hopcount_limit{
        *this,
        {.name = "hopcount_limit",
         .value = "50",
         .min = "1",
         .doc =
             "Received fields of a message, at most. More mean a loop: the message is refused."}};
    Param<Int> duplicate_filter_limit{*this, shared::duplicate_filter_limit()};
    Param<Int> queue_minfree{
        *this,
        {.name = "queue_minfree",
         .value = "0",
         .min = "0",
         .doc = "Bytes that must be free in the queue's file system for mail to be taken."}};
    Param<Bool> enable_long_queue_ids{*this, shared::enable_long_queue_ids()};
    Param<Bool> always_add_missing_headers{
        *this,
        {.name = "always_add_missing_headers",
         .value = "no",
         .doc =
             "Add absent From, To, Date and Message-Id fields to mail from remote clients too."}};
    Param<List> message_drop_headers{*this,
                                     {.name = "message_drop_headers",
                                      .value = "bcc, content-length, resent-bcc, return-path",
                                      .doc = "Header fields that are removed from every message."}};
    Param<Text> undisclosed_recipients_header{
        *this,
        {.name = "undisclosed_recipients_header",
         .value = "",
         .doc = "The field that is added to a message without any recipient field; empty: none."}};
    Param<Int> header_address_token_limit{
        *this,
        {.name = "header_address_token_limit",
         .value = "10240",
         .min = "1",
         .doc = "Words and special characters of an address field that are looked at; addresses "
                "after them are left as they are."}};
    Param<Text> always_bcc{*this,
                           {.name = "always_bcc",
                            .value = "",
                            .doc = "An address that gets a copy of every message."}};
    Param<Tables> sender_bcc_maps{
        *this,
        {.name = "sender_bcc_maps",
         .value = "",
         .doc = "Tables that tell, by sender, who gets a copy of a message."}};
    Param<Tables> recipient_bcc_maps{
        *this,
        {.name = "recipient_bcc_maps",
         .value = "",
         .doc = "Tables that tell, by recipient, who gets a copy of a message."}};
    Param<Text> message_reject_characters{
        *this,
        {.name = "message_reject_characters",
         .value = "",
         .doc = "Characters that no message may contain. \\a \\b \\f \\v \\t and \\ with up to "
                "three octal digits stand for control characters; line ends do not count."}};
    Param<Text> message_strip_characters{
        *this,
        {.name = "message_strip_characters",
         .value = "",
         .doc = "Characters that are removed from messages, written as in "
                "*message_reject_characters*."}};
    Param<Tables> header_checks{
        *this,
        {.name = "header_checks",
         .value = "",
         .doc = "Tables that are asked about each header field of a message, and say what becomes "
                "of it; see *header_checks*(5)."}};
    Param<Tables> mime_header_checks{
        *this,
        {.name = "mime_header_checks",
         .value = "$header_checks",
         .doc = "The same for fields that describe content (Content-Type and its like, anywhere), "
                "and for all fields of the parts of a message."}};
    Param<Tables> nested_header_checks{
        *this,
        {.name = "nested_header_checks",
         .value = "$header_checks",
         .doc = "The same for the other fields of a message that is attached to the message."}};
    Param<Tables> body_checks{
        *this,
        {.name = "body_checks",
         .value = "",
         .doc = "The same for the lines of the body, as they are: nothing is decoded."}};
    Param<Int> body_checks_size_limit{*this, shared::body_checks_size_limit()};
    Param<Int> line_length_limit{*this, shared::line_length_limit()};
    Param<Int> mime_nesting_limit{*this, shared::mime_nesting_limit()};
    Param<Int> mime_boundary_length_limit{*this, shared::mime_boundary_length_limit()};
    Param<Int> sync_threads{*this,
                            {.name = "cleanup_sync_threads",
                             .value = "4",
                             .min = "1",
                             .max = "64",
                             .doc = "Threads of one cleanup process that wait for the disk."}};
    Param<Int> client_limit{*this,
                            {.name = "cleanup_client_limit",
                             .value = "5000",
                             .min = "1",
                             .doc = "Messages that one cleanup process takes in at a time."}};
};

} // namespace config
