// SPDX-License-Identifier: Apache-2.0
// Appending a message to a mailbox file. Blocks; called in a child that has the user's rights
// (child.h), never in a daemon.
#pragma once

#include <optional>

#include "lib/delivery/mailbox_lock.h"
#include "lib/mail/outcome.h"

namespace delivery {

struct MboxTarget {
    std::string path;
    LockSettings locks;
    std::uint64_t size_limit = 0; // Bytes of the whole file; 0: no limit.
    bool create = true;           // With mode 0600, and the group below.
    std::optional<gid_t> group;   // Of a file that is made; else what the system gives it.
    std::optional<uid_t> owner;   // strict_mailbox_ownership: another's file is not written to.
    bool devices = false;         // Character devices such as /dev/null are written to.
    bool refuse_executable = false;
    bool tells_kind = false; // The reason names a path that is no file; else only the log does.
    std::string default_dsn = "5.2.0"; // Of faults that are no matter of room: 4.2.0 or 5.2.0.
    // What stands before the reason of a failure, such as "cannot update mailbox P for user U. ".
    std::string failure_prefix;
    std::string success_text = "delivered to mailbox";
};

// The head and the rules of mail in mailbox files: a From line first, then Return-Path,
// X-Original-To and Delivered-To; From lines quoted; a blank line last.
TextRules mbox_rules();

// Sent, once message and file are on disk; else the file has its old length again.
mail::Outcome append_to_mbox(const MboxTarget& target, MessageText message);

} // namespace delivery
