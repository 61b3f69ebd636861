// SPDX-License-Identifier: Apache-2.0
// Where an address's mail goes and with whose rights: the look-ups of virtual(8). What a table says
// is checked here; nothing else decides about paths and users.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

#include "lib/mail/outcome.h"
#include "lib/table/address_keys.h"

namespace virtual_mail {

struct Mailbox {
    std::string path; // Ends in a slash: a Maildir.
    uid_t uid = 0;
    gid_t gid = 0;

    bool is_maildir() const { return path.ends_with('/'); }
    bool operator==(const Mailbox&) const = default;
};

// A mailbox, or why there is none.
struct Found {
    std::optional<Mailbox> mailbox;
    mail::Outcome refusal; // Without a mailbox: unknown user, or a fault of the configuration.
};

class MailboxMap {
public:
    struct Settings {
        std::string base; // virtual_mailbox_base
        std::vector<std::string> mailboxes, uids, gids;
        std::int64_t minimum_uid = 100;
        table::AddressRules rules;
    };
    MailboxMap(table::Tables& tables, const Settings& settings);

    // Whole address, then without its extension, then @domain; each table by itself.
    base::Task<Found> find(std::string address) const;

private:
    struct Value; // What one table says.
    base::Task<Value> ask(const table::Maps& maps, std::string address) const;
    base::Task<Value> ask_number(const table::Maps& maps, std::string address,
                                 std::int64_t least) const;

    std::string base_;
    table::AddressRules rules_;
    std::int64_t minimum_uid_;
    table::Maps mailboxes_;
    table::Maps uids_;
    table::Maps gids_;
};

// Whether a mailbox name of the table stays below the base: no NUL, no ".." among its parts, not
// empty.
bool is_safe_name(std::string_view name);

} // namespace virtual_mail
