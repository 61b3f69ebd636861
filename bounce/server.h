// SPDX-License-Identifier: Apache-2.0
// The bounce service: decides who is owed a notice, writes it and hands it in. Nobody is told of a
// notice: what had the null sender goes to the postmaster at most, and what the postmaster cannot
// get is dropped (RFC 5321 4.5.5, RFC 3834).
#pragma once

#include <string>
#include <vector>

#include "bounce/notice.h"
#include "bounce/original.h"
#include "bounce/sink.h"

namespace bounce {

struct Settings {
    Identity identity;
    Texts texts;
    std::uint64_t size_limit = 50'000; // Larger messages are not returned whole.
    bool threaded = false;             // Notices appear as answers to what they are about.
    unsigned classes = 0;              // Bits of config::notify_class.
    std::string double_bounce_sender = "double-bounce";
    std::string failure_copies = "postmaster";
    std::string double_bounces = "postmaster";
    std::string delay_copies = "postmaster";
};

class Server {
public:
    // The references outlive the object.
    Server(Settings settings, NoticeSinks& sinks, const base::Clock& clock)
        : settings_(std::move(settings)), sinks_(sinks), clock_(clock)
    {
    }

    // Answers when the notice is safe, or when none is owed.
    base::Task<base::Result<ipc::bounce::Notified>> on(ipc::bounce::Notify request);

private:
    // One message to write.
    struct Order {
        std::string to;
        bool postmaster = false;
        Returned returned = Returned::Headers;
        std::vector<const ipc::bounce::Report*> reports;
    };

    bool is_double_bounce(std::string_view sender) const;
    std::string double_bounce_address() const;
    // `wanted`: by the sender (RET=); the postmaster is not bound by that.
    Returned returned_part(const ipc::bounce::Notify& request, mail::DsnReturn wanted) const;
    base::Task<base::Result<ipc::bounce::Notified>>
    tell_postmaster(const ipc::bounce::Notify& request);
    base::Task<base::Result<ipc::bounce::Notified>> tell_sender(const ipc::bounce::Notify& request);
    base::Task<void> copy(const ipc::bounce::Notify& request);
    base::Task<base::Result<std::string>> write(const ipc::bounce::Notify& request, Order order);
    base::Task<base::Result<std::string>> hand_in(const ipc::bounce::Notify& request,
                                                  NoticeFacts facts, Order order);
    base::Result<std::string> boundary(const ipc::bounce::Notify& request, const Original& original,
                                       std::uint64_t size, Original::Facts& found) const;

    const Settings settings_;
    NoticeSinks& sinks_;
    const base::Clock& clock_;
};

// RFC 3461 4.1: whether this recipient's sender is to be told of such an event.
bool is_owed(ipc::bounce::Kind kind, const mail::Recipient& recipient);

} // namespace bounce
