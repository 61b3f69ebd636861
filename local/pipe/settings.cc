// SPDX-License-Identifier: Apache-2.0
// From master.cf and main.cf to the settings of a pipe service; see pipe_agent.h.
#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/user.h"
#include "local/pipe/pipe_agent.h"

namespace pipe_mail {

namespace {

// A user or group that must be there.
template <typename T> base::Result<T> wanted(base::Result<std::optional<T>> found, std::string what)
{
    if (!found)
        return found.error();
    if (!*found)
        return base::permanent(base::cat("unknown ", what));
    return std::move(**found);
}

base::Result<delivery::Rights> rights_of(const Attributes& attributes)
{
    const auto user =
        wanted(delivery::find_user(attributes.user), base::cat("username: ", attributes.user));
    if (!user)
        return user.error();
    delivery::Rights rights{user->uid, user->gid, {}};
    if (attributes.group.empty())
        return rights;
    const auto group =
        wanted(delivery::find_group(attributes.group), base::cat("group: ", attributes.group));
    if (!group)
        return group.error();
    rights.gid = *group;
    return rights;
}

// No command runs as root, nor with rights to the queue or to the mail system's sockets. Says what
// the attribute specifies that it must not; empty: nothing.
std::string forbidden(const delivery::Rights& rights, const delivery::User& owner, gid_t group,
                      const config::CommonParams& common)
{
    if (rights.uid == 0)
        return "root privileges";
    if (rights.uid == owner.uid)
        return base::cat("mail system owner ", owner.name);
    if (rights.gid == 0)
        return "privileged group id 0";
    if (rights.gid == owner.gid)
        return base::cat("mail system owner ", owner.name, " group id ", rights.gid);
    if (rights.gid == group)
        return base::cat("mail system ", common.setgid_group(), " group id ", rights.gid);
    return {};
}

base::Result<void> check_user(const delivery::Rights& rights, const config::CommonParams& common)
{
    const auto owner = wanted(delivery::find_user(common.mail_owner()),
                              base::cat("mail_owner: ", common.mail_owner()));
    if (!owner)
        return owner.error();
    const auto group = wanted(delivery::find_group(common.setgid_group()),
                              base::cat("setgid_group: ", common.setgid_group()));
    if (!group)
        return group.error();
    const std::string what = forbidden(rights, *owner, *group, common);
    return what.empty()
               ? base::Result<void>{}
               : base::permanent(base::cat("user= command-line attribute specifies ", what));
}

// From the words of master.cf, what does not depend on parameters.
base::Result<void> take_words(Settings& settings, const std::vector<std::string>& words,
                              const config::CommonParams& common)
{
    auto attributes = parse_attributes(words);
    if (!attributes)
        return attributes.error();
    settings.attributes = std::move(*attributes);
    auto rights = rights_of(settings.attributes);
    if (!rights)
        return rights.error();
    settings.rights = *rights;
    return check_user(settings.rights, common);
}

base::Duration time_limit(const std::string& service, const config::MainCf& main,
                          base::Duration otherwise)
{
    const std::string name = service + "_time_limit";
    if (main.find(name) == nullptr)
        return otherwise;
    const auto text = main.expanded(name);
    base::Duration limit{};
    std::string why;
    if (!text || !config::Seconds::parse(*text, limit, why) || limit < std::chrono::seconds(1))
        base::fatal(base::cat(name, ": bad value: ", text ? *text : text.error().text));
    return limit;
}

} // namespace

Settings make_settings(const std::string& service, const std::vector<std::string>& words,
                       const config::MainCf& main, const config::CommonParams& common,
                       const config::CommandParams& command)
{
    Settings settings;
    settings.service = service;
    if (auto taken = take_words(settings, words, common); !taken)
        settings.fault = taken.error().text;
    settings.time_limit = time_limit(service, main, command.command_time_limit());
    settings.environment = delivery::exported_environment(command.export_environment());
    return settings;
}

} // namespace pipe_mail
