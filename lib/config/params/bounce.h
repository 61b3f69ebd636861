// SPDX-License-Identifier: Apache-2.0
// Parameters of notices: the bounce service, and what others need to write to the postmaster.
#pragma once

#include "lib/config/notify_class.h"
#include "lib/config/param.h"
#include "lib/config/params/shared.h"

namespace config {

// Who is told of what; smtpd and the SMTP client write to the postmaster too.
struct NoticeParams : ParamSet {
    Param<List> notify_classes{
        *this,
        {.name = "notify_classes",
         .value = "resource, software",
         .doc = "What the postmaster is told of: bounce (a copy of each notice of failure, with "
                "the header of the message; transcripts of SMTP sessions in which mail was refused "
                "that would have been returned; 2bounce as well), 2bounce (notices that cannot be "
                "delivered), delay, "
                "policy, protocol (transcripts of SMTP sessions in which a client was refused or "
                "made errors, and in which a server did), resource, software, data."}};
    Param<Text> error_recipient{
        *this,
        {.name = "error_notice_recipient",
         .value = "postmaster",
         .doc = "Who gets transcripts of sessions: classes data, policy, protocol, resource and "
                "software of *notify_classes*."}};
    Param<Text> bounce_recipient{
        *this,
        {.name = "bounce_notice_recipient",
         .value = "postmaster",
         .doc =
             "Who gets copies of notices of failure, and transcripts of sessions in which mail was "
             "refused: class bounce of *notify_classes*."}};
    Param<Text> double_bounce_sender{*this, shared::double_bounce_sender()};

    // notify_classes as a set of bits of notify_class.
    unsigned classes() const { return notify_class_bits(notify_classes()).value_or(0); }
    void check(const MainCf&, Faults& faults) const override
    {
        if (auto bits = notify_class_bits(notify_classes()); !bits)
            add_fault(faults, {.text = bits.error().text});
    }
};

struct BounceParams : ParamSet {
    Param<Int> client_limit{*this,
                            {.name = "bounce_client_limit",
                             .value = "100",
                             .min = "1",
                             .doc = "Connections that one worker of the bounce service serves."}};
    Param<Int> notice_limit{*this,
                            {.name = "bounce_notice_limit",
                             .value = "50",
                             .min = "1",
                             .doc = "Notices that one connection to the bounce service may have "
                                    "in work at a time."}};
    Param<Size> size_limit{
        *this,
        {.name = "bounce_size_limit",
         .value = "50000",
         .doc = "A message of more bytes is not returned whole with a notice; only its header "
                "is."}};
    Param<Bool> threaded_bounces{
        *this,
        {.name = "enable_threaded_bounces",
         .value = "no",
         .doc = "Whether notices have References: and In-Reply-To: with the Message-Id of the "
                "message they are about, so that mail readers show both together."}};
    Param<Text> template_file{
        *this,
        {.name = "bounce_template_file",
         .value = "",
         .doc = "A file with texts for notices instead of the built-in ones; see bounce(5)."}};
    Param<Text> double_bounce_recipient{
        *this,
        {.name = "2bounce_notice_recipient",
         .value = "postmaster",
         .doc = "Who gets notices that cannot be delivered: class 2bounce of *notify_classes*."}};
    Param<Text> delay_recipient{
        *this,
        {.name = "delay_notice_recipient",
         .value = "postmaster",
         .doc = "Who gets copies of notices of delay: class delay of *notify_classes*."}};
    Param<Bool> smtputf8_enable{*this, shared::smtputf8_enable()};
};

} // namespace config
