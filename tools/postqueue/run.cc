// SPDX-License-Identifier: Apache-2.0
// Who may do what; see run.h.
#include "tools/postqueue/run.h"

#include <cerrno>
#include <pwd.h>
#include <unistd.h>

#include "lib/service/user_list.h"

namespace postqueue {

using service::ExitStatus;

namespace {

// Root, mail_owner, and those whom the parameter names.
base::Result<bool> is_allowed(const Context& context, const std::vector<std::string>& list)
{
    const uid_t caller = ::getuid();
    const passwd* owner = ::getpwnam(context.command.common().mail_owner().c_str());
    if (caller == 0 || (owner != nullptr && owner->pw_uid == caller))
        return true;
    return service::is_listed_user(list, service::caller_name());
}

bool is_flush(Action action)
{
    return action == Action::FlushAll || action == Action::FlushMessage ||
           action == Action::FlushSite;
}

int act(const Context& context)
{
    const Options& options = context.options;
    // Without a filter the listing comes from showq, as it always has.
    const bool by_filter = !options.terms.empty();
    switch (options.action) {
    case Action::ShowTable:
    case Action::ShowJson: return by_filter ? ask(context) : show(context);
    case Action::FlushAll:
        return by_filter || options.dry_run || options.json ? flush_matching(context)
                                                            : flush(context);
    case Action::FlushMessage:
    case Action::FlushSite: return flush(context);
    case Action::Count:
    case Action::Group: return ask(context);
    case Action::Why: return why(context);
    }
    return static_cast<int>(ExitStatus::Usage);
}

} // namespace

int run(const Context& context)
{
    const auto& command = context.command;
    const bool shows = !is_flush(context.options.action);
    auto allowed = is_allowed(context, shows ? context.params.authorized_mailq_users()
                                             : context.params.authorized_flush_users());
    if (!allowed)
        return command.fail(ExitStatus::Unavailable, base::cat(shows ? "authorized_mailq_users: "
                                                                     : "authorized_flush_users: ",
                                                               allowed.error().text));
    if (!*allowed)
        return command.fail(ExitStatus::NoPermission,
                            base::cat("User ", service::caller_name(), "(", ::getuid(),
                                      ") is not allowed to ", shows ? "view" : "flush",
                                      " the mail queue"));
    const std::string& directory = command.common().queue_directory();
    if (::chdir(directory.c_str()) != 0)
        return command.fail(ExitStatus::Unavailable,
                            base::system_error(base::cat("chdir ", directory), errno).text);
    return act(context);
}

} // namespace postqueue
