// SPDX-License-Identifier: Apache-2.0
// Letters to the postmaster about sessions in which something went wrong (notify_classes). They
// come from double_bounce_sender: one that cannot be delivered is dropped.
#pragma once

#include <string>

#include "lib/config/params/bounce.h"
#include "lib/config/params/common.h"
#include "lib/ipc/client.h"

namespace delivery {

// A session in which something went wrong.
struct BadSession {
    std::string_view program; // "SMTP server", a literal.
    std::string peer;
    unsigned classes = 0; // Bits of config::notify_class, wanted or not.
};

class Postmaster {
public:
    // All outlive the object.
    Postmaster(events::Loop& loop, const config::CommonParams& common,
               const config::NoticeParams& notices)
        : loop_(loop), common_(common), notices_(notices), classes_(notices.classes())
    {
    }

    // Whether one of these bits of config::notify_class is to be told.
    bool wants(unsigned classes) const { return (classes_ & classes) != 0; }

    // Whether mail from this sender is a notice: about what happens to that, nobody is told.
    bool is_notice(std::string_view sender) const;

    // Hands one letter to cleanup, for those who get notices of failure if mail was refused that
    // would have been returned (class bounce). A failure is logged. The lines of `text`, which end
    // in CRLF, are printable.
    base::Task<void> tell(BadSession bad, std::string text);

private:
    std::string sender() const;
    base::Task<base::Result<void>> hand_in(std::string subject, std::string to, std::string text);

    events::Loop& loop_;
    const config::CommonParams& common_;
    const config::NoticeParams& notices_;
    const unsigned classes_;
};

} // namespace delivery
