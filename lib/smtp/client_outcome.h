// SPDX-License-Identifier: Apache-2.0
// From what happened in a conversation to what became of a recipient: the texts and status codes
// of the SMTP and LMTP client, as Postfix writes them.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/mail/outcome.h"
#include "lib/smtp/client_record.h"
#include "lib/smtp/client_settings.h"
#include "lib/smtp/client_transport.h"
#include "lib/smtp/reply_parser.h"

namespace smtp {

// One recipient's result of one conversation. A temporary failure may be tried with the next host
// of the destination at once; a caller without another host defers with the same outcome.
struct Attempt {
    mail::Outcome outcome;
    bool next_host = false;

    bool operator==(const Attempt&) const = default;
};

// What is given to the constructor outlives the object; trouble is noted in `record`, if any.
class OutcomeWriter {
public:
    OutcomeWriter(const RemoteServer& server, const base::Clock& clock,
                  ClientRecord* record = nullptr)
        : server_(server), clock_(clock), record_(record)
    {
    }

    // Accepted for good: "250 2.0.0 Ok: queued as ...".
    Attempt delivered(const ServerReply& reply) const;
    // "host H said: 550 5.1.1 ... (in reply to RCPT TO command)". What is not 5xx is temporary.
    Attempt said(const ServerReply& reply, ClientStage stage) const;
    // "host H refused to talk to me: 554 ...". With `only_this_host` never final.
    Attempt refused(const ServerReply& reply, bool only_this_host) const;
    // "lost connection with H while ..." and its like.
    Attempt broken(WireStatus status, ClientStage stage) const;
    // Our own verdict; deferred when the class of `dsn` is 4, bounced when it is 5.
    Attempt local(std::string_view dsn, std::string text) const;

private:
    Attempt from_reply(const ServerReply& reply, std::string text) const;
    const RemoteServer& server_;
    const base::Clock& clock_;
    ClientRecord* const record_;
};

} // namespace smtp
