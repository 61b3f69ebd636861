// SPDX-License-Identifier: Apache-2.0
// What local delivery asks of the host while it follows aliases: an interface, so that tests need
// no users and no files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/task.h"
#include "lib/route/router.h"
#include "local/plan.h"

namespace local {

// An alias as a table has it. Who can write the table decides whose rights its commands get.
struct Alias {
    std::string value;
    std::optional<uid_t> owner; // 0: the system's. Nothing: cannot be told.
    std::string table;          // For messages.
};

// A file with destinations.
struct TargetFile {
    enum class State : std::uint8_t {
        Missing,
        Usable,
        Unsafe, // Not to be used; `why` says so.
        Failed  // Cannot be read now.
    };
    State state = State::Missing;
    std::size_t which = 0; // Index of the path that was found.
    std::string text;
    std::string why;
};

class Host {
public:
    virtual ~Host() = default;

    // Before each message: what was put into tables since the last one counts.
    virtual void refresh() = 0;

    // Errors of all of these are temporary, unless they say otherwise.
    virtual base::Task<base::Result<std::optional<Alias>>> alias(std::string name) = 0;
    virtual base::Result<UserRef> user(const std::string& name) = 0; // Null: there is none.
    virtual base::Result<UserRef> user(uid_t uid) = 0;

    // The first of `paths` that exists, with the rights of `user`, who must own it.
    virtual base::Task<TargetFile> forward_file(UserRef user, std::vector<std::string> paths) = 0;
    // Who owns an :include: file, looked at with the rights of `user`, or with root's.
    struct IncludeOwner {
        uid_t uid = 0;
        TargetFile::State state = TargetFile::State::Usable;
        std::string why;
    };
    virtual base::Task<IncludeOwner> include_owner(UserRef user, std::string path) = 0;
    // Its text. `reader` null: root reads, and root must own it.
    virtual base::Task<TargetFile> include_file(UserRef reader, std::string path) = 0;
    // Why the home directory cannot be reached by its owner; empty: it can.
    virtual base::Task<std::string> home_trouble(UserRef user) = 0;

    // An address as local mail completes it, and where it goes.
    virtual base::Task<base::Result<route::Route>> resolve(std::string address) = 0;
    // Just the address, complete.
    virtual std::string canonical(const std::string& address) = 0;

    // The value that mailbox_transport_maps, mailbox_command_maps, fallback_transport_maps have.
    enum class UserTable : std::uint8_t { MailboxTransport, MailboxCommand, FallbackTransport };
    virtual base::Task<base::Result<std::optional<std::string>>> setting(UserTable table,
                                                                         std::string user) = 0;

    // Lets others have their turn in a long expansion.
    virtual base::Task<void> pause() = 0;
};

} // namespace local
