// SPDX-License-Identifier: Apache-2.0
// The host as it is; see system_host.h.
#include "local/system_host.h"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>

#include "lib/base/strings.h"
#include "local/files.h"

namespace local {

using base::Result;
using base::Task;

namespace {

// How long reading a file, or looking at a directory, may take.
constexpr auto file_time = std::chrono::seconds(60);

delivery::ChildSetup setup_for(const delivery::User& user)
{
    return {{user.uid, user.gid, {}}, file_time};
}

UserRef shared(std::optional<delivery::User> user)
{
    if (!user)
        return {};
    return std::make_shared<delivery::User>(std::move(*user));
}

} // namespace

Task<Result<std::optional<Alias>>> SystemHost::alias(std::string name)
{
    for (table::Table* table : tables_.aliases) {
        auto found = co_await table->lookup(name);
        if (!found)
            co_return found.error();
        if (*found)
            co_return std::optional<Alias>{{std::move(**found), table->owner(), table->name()}};
    }
    co_return std::optional<Alias>{};
}

Result<UserRef> SystemHost::user(const std::string& name)
{
    auto found = delivery::find_user(name);
    if (!found)
        return found.error();
    return shared(std::move(*found));
}

Result<UserRef> SystemHost::user(uid_t uid)
{
    auto found = delivery::find_user(uid);
    if (!found)
        return found.error();
    return shared(std::move(*found));
}

Task<TargetFile> SystemHost::read_as(UserRef user, std::function<TargetFile()> work)
{
    auto setup = setup_for(*user);
    std::function<std::string()> encoded = [&work] { return encode_file(work()); };
    const auto said = co_await delivery::run_as(loop_, std::move(setup), std::move(encoded));
    co_return decode_file(said);
}

Task<TargetFile> SystemHost::forward_file(UserRef user, std::vector<std::string> paths)
{
    // Most users have none. Whether a name exists, root may ask.
    if (all_missing(paths))
        co_return TargetFile{};
    const FileRules rules{user->uid, user->name};
    if (user->uid == 0)
        co_return read_forward_file(paths, rules);
    std::function<TargetFile()> work = [&] { return read_forward_file(paths, rules); };
    co_return co_await read_as(std::move(user), std::move(work));
}

Task<Host::IncludeOwner> SystemHost::include_owner(UserRef user, std::string path)
{
    // With a user's rights it does not matter who owns the file: reading it will tell.
    if (user != nullptr && user->uid != 0)
        co_return IncludeOwner{};
    co_return find_include_owner(path);
}

Task<TargetFile> SystemHost::include_file(UserRef reader, std::string path)
{
    if (reader == nullptr)
        co_return read_include_file(path, true);
    std::function<TargetFile()> work = [&] { return read_include_file(path, false); };
    co_return co_await read_as(std::move(reader), std::move(work));
}

Task<std::string> SystemHost::home_trouble(UserRef user)
{
    const std::string home = user->home;
    std::function<std::string()> work = [&home] {
        struct stat status {};
        if (::stat(home.c_str(), &status) == 0)
            return std::string();
        return base::cat("cannot access home directory ", home, ": ", std::strerror(errno));
    };
    if (user->uid == 0)
        co_return work();
    auto setup = setup_for(*user);
    auto said = co_await delivery::run_as(loop_, std::move(setup), std::move(work));
    if (!said)
        co_return base::cat("cannot access home directory ", home, ": ", said.error().text);
    co_return std::move(*said);
}

Task<Result<route::Route>> SystemHost::resolve(std::string address)
{
    address = canonical(address);
    return router_.resolve({}, std::move(address));
}

std::string SystemHost::canonical(const std::string& address)
{
    return destinations_.rewriter().rewrite(address, route::Context::Local);
}

Task<Result<std::optional<std::string>>> SystemHost::setting(UserTable table, std::string user)
{
    switch (table) {
    case UserTable::MailboxTransport: return tables_.mailbox_transport.find(std::move(user));
    case UserTable::MailboxCommand: return tables_.mailbox_command.find(std::move(user));
    case UserTable::FallbackTransport: break;
    }
    return tables_.fallback_transport.find(std::move(user));
}

Task<void> SystemHost::pause()
{
    co_await events::yield(loop_);
}

} // namespace local
