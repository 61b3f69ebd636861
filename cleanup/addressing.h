// SPDX-License-Identifier: Apache-2.0
// What tables and rules make of addresses, in cleanup's order: completion, canonical(5) for the
// class of the address, masquerading; then virtual(5) aliases of recipients, and who gets a copy.
// An error's text is the log line about it, without the queue id.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/config/params/cleanup.h"
#include "lib/mail/address_list.h"
#include "lib/route/address_map.h"

namespace cleanup {

// Where an address stands: decides which tables apply to it.
enum class Role : unsigned char {
    EnvelopeSender,
    EnvelopeRecipient,
    HeaderSender,
    HeaderRecipient
};

class Addressing {
public:
    // All arguments outlive it. Opens tables: build it at start.
    Addressing(table::Tables& tables, const route::Destinations& destinations,
               const config::CleanupParams& params);
    Addressing(const Addressing&) = delete;

    struct Rules {
        route::Context context = route::Context::Local;
        bool map = true; // Canonical tables and masquerading, besides completion.
    };
    base::Task<base::Result<std::string>> rewrite(std::string address, Role role,
                                                  Rules rules) const;

    // A whole header field; bytes that are no address stay as they are.
    base::Task<base::Result<std::string>> rewrite_field(std::string field, Role role,
                                                        Rules rules) const;

    bool has_aliases() const { return !aliases_.maps().empty(); }
    // All that `recipient` stands for. See is_unreasonable() for the error.
    base::Task<base::Result<std::vector<std::string>>> expand(std::string recipient) const;
    // Whether an error of expand() is one of the tables' content, not of their availability.
    static bool is_unreasonable(const base::Error& error);

    // Who gets a copy, as the table has it.
    base::Task<base::Result<std::optional<std::string>>> sender_bcc(std::string sender) const;
    base::Task<base::Result<std::optional<std::string>>> recipient_bcc(std::string address) const;
    const std::string& always_bcc() const { return params_.always_bcc(); }

    // The name under which the mail system itself writes, completed; and whether a sender is that.
    std::string mail_system(route::Context context) const;
    bool is_mail_system(const std::string& sender) const;
    // The recipient of mail to the null address.
    const std::string& empty_recipient() const;
    bool keeps_original() const;

private:
    struct Mapping { // One canonical parameter, and where it applies.
        table::Maps maps;
        unsigned roles = 0; // One bit per Role.
    };
    base::Task<base::Result<void>> map(std::string& address, const Mapping& mapping) const;
    base::Task<base::Result<void>> masquerade(std::string& address) const;
    base::Task<base::Result<std::optional<std::string>>> find_bcc(const table::Maps& maps,
                                                                  std::string address) const;

    const route::Destinations& destinations_;
    const config::CleanupParams& params_;
    std::vector<Mapping> canonical_; // In order.
    bool propagate_ = false;
    unsigned masquerade_roles_ = 0;
    table::MatchList masquerade_exceptions_;
    route::AliasExpander aliases_;
    table::Maps sender_bcc_;
    table::Maps recipient_bcc_;
};

// masquerade_domains: cuts host names off the domain, by the first of `domains` that it lies in;
// one with "!" in front keeps them.
std::string masqueraded(std::string address, const std::vector<std::string>& domains);

} // namespace cleanup
