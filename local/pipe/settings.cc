// SPDX-License-Identifier: Apache-2.0
// From master.cf and main.cf to the settings of a pipe service; see pipe_agent.h.
#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/delivery/user.h"
#include "local/pipe/pipe_agent.h"

namespace pipe_mail {

namespace {

constexpr std::string_view user_attribute = "user= command-line attribute specifies ";

// A user or group that must be there.
template <typename T> T wanted(base::Result<std::optional<T>> found, std::string_view what)
{
    if (!found)
        base::fatal(found.error().text);
    if (!*found)
        base::fatal(base::cat("unknown ", what));
    return std::move(**found);
}

delivery::Rights rights_of(const Attributes& attributes)
{
    const auto user =
        wanted(delivery::find_user(attributes.user), base::cat("username: ", attributes.user));
    delivery::Rights rights{user.uid, user.gid, {}};
    if (!attributes.group.empty())
        rights.gid =
            wanted(delivery::find_group(attributes.group), base::cat("group: ", attributes.group));
    return rights;
}

// No command runs as root, nor with rights to the queue or to the mail system's sockets.
void check_user(const delivery::Rights& rights, const config::CommonParams& common)
{
    const std::string owner_name = common.mail_owner(), group_name = common.setgid_group();
    const auto owner =
        wanted(delivery::find_user(owner_name), base::cat("mail_owner: ", owner_name));
    const auto group =
        wanted(delivery::find_group(group_name), base::cat("setgid_group: ", group_name));
    if (rights.uid == 0)
        base::fatal(base::cat(user_attribute, "root privileges"));
    if (rights.uid == owner.uid)
        base::fatal(base::cat(user_attribute, "mail system owner ", owner_name));
    if (rights.gid == 0)
        base::fatal(base::cat(user_attribute, "privileged group id 0"));
    if (rights.gid == owner.gid)
        base::fatal(
            base::cat(user_attribute, "mail system owner ", owner_name, " group id ", rights.gid));
    if (rights.gid == group)
        base::fatal(
            base::cat(user_attribute, "mail system ", group_name, " group id ", rights.gid));
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
    auto attributes = parse_attributes(words);
    if (!attributes)
        base::fatal(attributes.error().text);
    Settings settings;
    settings.service = service;
    settings.attributes = std::move(*attributes);
    settings.rights = rights_of(settings.attributes);
    check_user(settings.rights, common);
    settings.time_limit = time_limit(service, main, command.command_time_limit());
    settings.environment = delivery::exported_environment(command.export_environment());
    return settings;
}

} // namespace pipe_mail
