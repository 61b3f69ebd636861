// SPDX-License-Identifier: Apache-2.0
// The bounce service: decides who is owed a notice, writes it and hands it in.
#pragma once

#include <string>
#include <vector>

#include "bounce/notice.h"
#include "bounce/original.h"
#include "bounce/sink.h"

namespace bounce {

class Server {
public:
    // The references outlive the object. Messages of more than `size_limit` bytes are not returned
    // whole.
    Server(Identity identity, std::uint64_t size_limit, NoticeSinks& sinks,
           const base::Clock& clock)
        : identity_(std::move(identity)), size_limit_(size_limit), sinks_(sinks), clock_(clock)
    {
    }

    // Answers when the notice is safe, or when none is owed.
    base::Task<base::Result<ipc::bounce::Notified>> on(ipc::bounce::Notify request);

private:
    base::Task<base::Result<std::string>> write(const ipc::bounce::Notify& request,
                                                const std::vector<ipc::bounce::Report>& reports);
    Returned returned_part(const ipc::bounce::Notify& request) const;

    const Identity identity_;
    const std::uint64_t size_limit_;
    NoticeSinks& sinks_;
    const base::Clock& clock_;
};

// RFC 3461 4.1: whether this recipient's sender is to be told of such an event.
bool is_owed(ipc::bounce::Kind kind, const mail::Recipient& recipient);

} // namespace bounce
