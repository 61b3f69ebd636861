// SPDX-License-Identifier: Apache-2.0
// The host as it is: alias tables, the system's users, files read with the rights of their users,
// routes.
#pragma once

#include "lib/delivery/child.h"
#include "lib/event/loop.h"
#include "local/host.h"

namespace local {

class SystemHost final : public Host {
public:
    struct Tables {
        std::vector<table::Table*> aliases; // alias_maps
        table::Maps mailbox_transport;
        table::Maps mailbox_command;
        table::Maps fallback_transport;
    };
    // `refresh` looks whether tables have changed. The other arguments outlive it.
    SystemHost(events::Loop& loop, const Tables& tables, const route::Destinations& destinations,
               const route::Router& router, std::function<void()> refresh)
        : loop_(loop), tables_(tables), destinations_(destinations), router_(router),
          refresh_(std::move(refresh))
    {
    }

    void refresh() override { refresh_(); }

    base::Task<base::Result<std::optional<Alias>>> alias(std::string name) override;
    base::Result<UserRef> user(const std::string& name) override;
    base::Result<UserRef> user(uid_t uid) override;
    base::Task<TargetFile> forward_file(UserRef user, std::vector<std::string> paths) override;
    base::Task<IncludeOwner> include_owner(UserRef user, std::string path) override;
    base::Task<TargetFile> include_file(UserRef reader, std::string path) override;
    base::Task<std::string> home_trouble(UserRef user) override;
    base::Task<base::Result<route::Route>> resolve(std::string address) override;
    std::string canonical(const std::string& address) override;
    base::Task<base::Result<std::optional<std::string>>> setting(UserTable table,
                                                                 std::string user) override;
    base::Task<void> pause() override;

private:
    base::Task<TargetFile> read_as(UserRef user, std::function<TargetFile()> work);

    events::Loop& loop_;
    const Tables& tables_;
    const route::Destinations& destinations_;
    const route::Router& router_;
    std::function<void()> refresh_;
};

} // namespace local
