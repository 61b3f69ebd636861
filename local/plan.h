// SPDX-License-Identifier: Apache-2.0
// What becomes of one recipient: aliases, :include: files and .forward files followed to their ends
// before anything is delivered.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/delivery/user.h"
#include "lib/mail/envelope.h"
#include "lib/mail/outcome.h"
#include "local/names.h"

namespace local {

// Where a destination was written: decides whether commands and files may stand there.
enum class Origin : std::uint8_t { Message, Alias, Forward, Include };

// Whose rights, home and shell. Null: nobody's yet, which means those of default_privs.
using UserRef = std::shared_ptr<const delivery::User>;

// A recipient on the way through aliases; copied at each branch.
struct Context {
    std::string queue_id;      // For the log.
    mail::Recipient recipient; // `address` is the one at hand.
    std::string sender;        // Who hears of failures: the message's sender, or a list's owner.
    std::string envid;         // RFC 3461; forgotten where the sender changes.
    mail::DsnReturn dsn_return = mail::DsnReturn::Unspecified;
    std::optional<std::string> owner;     // Who forwards; others' mailboxes get a new message then.
    std::string delivered_to;             // For Delivered-To.
    Origin origin = Origin::Message;      // What was expanded last,
    std::string expanded_from;            // and by which name.
    UserRef user;                         // Whose rights commands and files get.
    Names names;                          // Parts of `address`.
    std::optional<std::string> unmatched; // An extension for the addresses that are found.
    bool relayed = false;                 // By luser_relay.
    int depth = 0;
};

// One thing to do.
struct Part {
    enum class Kind : std::uint8_t {
        Mailbox,  // Of `user`.
        File,     // `text` is the path.
        Command,  // `text` is the command.
        Handover, // `text` is the delivery agent, "transport" or "transport:nexthop".
        Settled   // Nothing: `outcome` says why.
    };
    Kind kind = Kind::Settled;
    mail::Recipient recipient;
    std::string sender;
    std::string envid;
    mail::DsnReturn dsn_return = mail::DsnReturn::Unspecified;
    std::string delivered_to;
    UserRef user;
    Names names;
    std::string text;
    mail::Outcome outcome;
};

// A new message, for recipients elsewhere and for those who are to be tried one by one.
struct Forward {
    std::string sender;
    std::string delivered_to;
    std::string envid;
    mail::DsnReturn dsn_return = mail::DsnReturn::Unspecified;
    std::vector<mail::Recipient> recipients;
};

struct Plan {
    std::vector<Part> parts;
    std::vector<Forward> forwards;
    bool expanded = false; // The recipient is an alias, or has a .forward file.
    bool list = false;     // An alias with an owner: who sent the message hears nothing more.
    std::string alias;     // What an alias stands for, as the table has it.
    std::string forward;   // The path of the .forward file.
    std::string relay;     // What log lines have for relay=.
};

} // namespace local
