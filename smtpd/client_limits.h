// SPDX-License-Identifier: Apache-2.0
// Limits on what one client may do: sessions at a time, connections, messages and recipients per
// time unit. The counts are those of the anvil service, over all processes. Without that service,
// or when it does not answer, nobody is limited: mail goes on.
#pragma once

#include <string>

#include "lib/config/params/anvil.h"
#include "lib/ipc/client.h"
#include "lib/ipc/messages/anvil.h"
#include "lib/smtp/collaborators.h"
#include "lib/table/match_list.h"

namespace smtpd {

// What the sessions of one process share.
class ClientLimits {
public:
    // `service`: our name in master.cf. `exceptions` and `params` outlive it.
    ClientLimits(events::Loop& loop, const config::ClientLimitParams& params, std::string service,
                 const table::MatchList& exceptions)
        : params_(params), service_(std::move(service)), exceptions_(exceptions),
          anvil_(loop, "private/anvil")
    {
    }
    ClientLimits(const ClientLimits&) = delete;

private:
    friend class ClientUse;
    bool any() const;
    std::string key_of(const std::string& address) const;

    const config::ClientLimitParams& params_;
    std::string service_;
    const table::MatchList& exceptions_;
    ipc::Client<ipc::anvil::Protocol> anvil_;
};

// One session's use. Its end is told when the object goes.
class ClientUse {
public:
    // `myhostname` and `limits` outlive it.
    ClientUse(ClientLimits& limits, const std::string& myhostname)
        : limits_(limits), myhostname_(myhostname)
    {
    }
    ClientUse(const ClientUse&) = delete;
    ~ClientUse();

    // At the beginning of the session: 421 when the client has too many sessions or connections.
    base::Task<smtp::Verdict> connect(const mail::Client& client);
    // At MAIL and RCPT: 450 when it was too many.
    base::Task<smtp::Verdict> mail(const mail::Client& client);
    base::Task<smtp::Verdict> recipient(const mail::Client& client);

private:
    struct Kind {
        ipc::anvil::Event event;
        std::string_view exceeded; // "Recipient address rate limit exceeded"
        std::string_view reply;    // "450 4.7.1 Error: too many recipients from "
    };
    base::Task<smtp::Verdict> count(const mail::Client& client, std::int64_t limit,
                                    const Kind& kind);
    std::string told(std::string_view what, std::uint32_t number, const mail::Client& client) const;

    ClientLimits& limits_;
    const std::string& myhostname_;
    std::string key_; // Empty: not counted.
};

} // namespace smtpd
