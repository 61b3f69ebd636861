// SPDX-License-Identifier: Apache-2.0
// A short SMTP conversation with a server, ours or another, for looking at it. It never sends a
// message: no command after RCPT is known here but RSET and QUIT.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lib/net/socket.h"
#include "lib/net/stream.h"
#include "lib/smtp/reply_parser.h"

namespace doctor {

class Dialogue {
public:
    // Connects, from `source` when given. The greeting is read by reply().
    static base::Task<base::Result<std::unique_ptr<Dialogue>>>
    open(events::Loop& loop, net::Address to, base::Deadline deadline,
         std::optional<net::Address> source);

    Dialogue(events::Loop& loop, base::Fd fd) : stream_(loop, std::move(fd)) {}

    // The next reply; errors are temporary and say what happened.
    base::Task<base::Result<smtp::ServerReply>> reply(base::Deadline deadline);
    // Sends a line, without its end, and takes the reply.
    base::Task<base::Result<smtp::ServerReply>> command(std::string line, base::Deadline deadline);
    // QUIT, without waiting for long.
    base::Task<void> quit(base::Deadline deadline);

private:
    net::Stream stream_;
    smtp::ReplyParser parser_;
};

} // namespace doctor
