// SPDX-License-Identifier: Apache-2.0
// A host made of maps: no users, no files, no tables.
#pragma once

#include <map>
#include <set>

#include "lib/base/strings.h"
#include "local/host.h"

namespace local {

class FakeHost final : public Host {
public:
    struct File {
        TargetFile::State state = TargetFile::State::Usable;
        std::string text;
        uid_t owner = 0;
    };

    std::map<std::string, Alias> aliases;
    std::map<std::string, delivery::User> users;
    std::map<std::string, File> files; // .forward and :include: files by path.
    std::map<std::string, std::string> settings[3];
    std::string broken; // What cannot be asked: the name of an alias, a user, a setting's user.
    std::set<std::string> read_as; // "PATH as USER"
    unsigned pauses = 0;

    void add_alias(const std::string& name, std::string value, std::optional<uid_t> owner = 0)
    {
        aliases[name] = {std::move(value), owner, "fake:aliases"};
    }
    void add_user(const std::string& name, uid_t uid)
    {
        users[name] = {name, uid, uid, "/home/" + name, "/bin/sh", name};
    }

    void refresh() override {}
    base::Task<base::Result<std::optional<Alias>>> alias(std::string name) override
    {
        if (name == broken)
            co_return base::temporary("table is broken");
        auto found = aliases.find(name);
        if (found == aliases.end())
            co_return std::optional<Alias>{};
        co_return std::optional<Alias>{found->second};
    }
    base::Result<UserRef> user(const std::string& name) override
    {
        if (name == broken)
            return base::temporary("database is broken");
        auto found = users.find(name);
        if (found == users.end())
            return UserRef{};
        return UserRef{std::make_shared<delivery::User>(found->second)};
    }
    base::Result<UserRef> user(uid_t uid) override
    {
        for (const auto& [name, user] : users)
            if (user.uid == uid)
                return UserRef{std::make_shared<delivery::User>(user)};
        return UserRef{};
    }
    base::Task<TargetFile> forward_file(UserRef user, std::vector<std::string> paths) override
    {
        TargetFile found;
        for (std::size_t i = 0; i < paths.size(); ++i) {
            auto file = files.find(paths[i]);
            if (file == files.end())
                continue;
            read_as.insert(paths[i] + " as " + user->name);
            found = {file->second.state, i, file->second.text, paths[i] + " is unsafe"};
            break;
        }
        co_return found;
    }
    base::Task<IncludeOwner> include_owner(UserRef, std::string path) override
    {
        auto file = files.find(path);
        IncludeOwner owner;
        if (file == files.end()) {
            owner.state = TargetFile::State::Unsafe;
            owner.why = "unable to lookup :include: file " + path;
        } else {
            owner.uid = file->second.owner;
        }
        co_return owner;
    }
    base::Task<TargetFile> include_file(UserRef reader, std::string path) override
    {
        read_as.insert(path + " as " + (reader == nullptr ? "root" : reader->name));
        TargetFile found{files[path].state, 0, files[path].text, "cannot read " + path};
        co_return found;
    }
    base::Task<std::string> home_trouble(UserRef user) override
    {
        std::string trouble;
        if (user->home == "/home/away")
            trouble = "cannot access home directory /home/away";
        co_return trouble;
    }
    base::Task<base::Result<route::Route>> resolve(std::string address) override
    {
        if (address == broken)
            co_return base::temporary("router is broken");
        route::Route route;
        route.recipient = canonical(address);
        route.bad_syntax = address.find("..") != std::string::npos;
        route.transport = route.recipient.ends_with("@x.test") ? "local" : "smtp";
        co_return route;
    }
    std::string canonical(const std::string& address) override
    {
        return address.find('@') == std::string::npos ? address + "@x.test" : address;
    }
    base::Task<base::Result<std::optional<std::string>>> setting(UserTable table,
                                                                 std::string user) override
    {
        if (user == broken)
            co_return base::temporary("table is broken");
        const auto& all = settings[static_cast<std::size_t>(table)];
        auto found = all.find(user);
        std::optional<std::string> value;
        if (found != all.end())
            value = found->second;
        co_return value;
    }
    base::Task<void> pause() override
    {
        ++pauses;
        co_return;
    }
};

} // namespace local
