// SPDX-License-Identifier: Apache-2.0
// The modes of sendmail; see run.h.
#include "submit/sendmail/run.h"

#include "lib/base/strings.h"
#include "lib/service/program.h"

namespace sendmail {

using service::ExitStatus;
using Words = std::vector<std::string>;

namespace {

// Goes on as another command.
int become(const Context& context, const std::string& directory, Words words)
{
    const std::string path = base::cat(directory, "/", words.front());
    words.front() = path;
    const base::Error error = service::exec_program(path, words);
    return context.command.fail(ExitStatus::OsError,
                                base::cat("unable to execute ", path, ": ", error.text));
}

int become_command(const Context& context, Words words)
{
    return become(context, context.command.common().command_directory(), std::move(words));
}

int build_aliases(const Context& context)
{
    const auto& options = context.options;
    Words words = {"postalias"};
    if (options.verbose > 1)
        words.push_back("-v");
    words.push_back("--");
    if (!options.alias_source.empty())
        words.push_back(options.alias_source);
    else
        for (const auto& database : context.params.alias_database())
            words.push_back(database);
    if (words.back() == "--")
        return static_cast<int>(ExitStatus::Ok); // There is no alias database.
    return become_command(context, std::move(words));
}

int speak(const Context& context)
{
    Words words = {"smtpd", "-S"};
    if (context.options.verbose > 1)
        words.push_back("-v");
    return become(context, context.command.common().daemon_directory(), std::move(words));
}

} // namespace

int run(const Context& context)
{
    const auto& options = context.options;
    switch (options.mode) {
    case Mode::Submit: return submit_message(context);
    case Mode::ShowQueue: return become_command(context, {"postqueue", "-p"});
    case Mode::Flush: return become_command(context, {"postqueue", "-f"});
    case Mode::FlushSite: return become_command(context, {"postqueue", "-s", options.flush_site});
    case Mode::FlushOne: return become_command(context, {"postqueue", "-i", options.flush_id});
    case Mode::Aliases: return build_aliases(context);
    case Mode::Dialogue: return speak(context);
    case Mode::Daemon: return become_command(context, {"postfix", "start"});
    case Mode::DoNothing: return static_cast<int>(ExitStatus::Ok);
    }
    return static_cast<int>(ExitStatus::Software);
}

} // namespace sendmail
