// SPDX-License-Identifier: Apache-2.0
// One message to maildrop; see run.h.
#include "submit/postdrop/run.h"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/ipc/trigger.h"
#include "lib/queue/spool.h"
#include "lib/service/user_list.h"
#include "lib/submit/postdrop.h"
#include "submit/postdrop/drop.h"
#include "submit/postdrop/input.h"

namespace postdrop {

using service::ExitStatus;
using submit::Handed;

namespace {

constexpr std::size_t read_size = 64 * 1024;

// What a caller that changes its mind gets; it knows why.
constexpr std::string_view no_end = "malformed input: no end";

Handed refuse(ExitStatus status, std::string text)
{
    return {status, std::move(text)};
}

// Those whom the parameter names; root is no exception.
Handed check_user(const Context& context)
{
    const uid_t caller = ::getuid();
    const std::string name = service::caller_name();
    auto listed = service::is_listed_user(context.params.authorized_submit_users(), name);
    if (!listed)
        return refuse(ExitStatus::Unavailable,
                      base::cat("authorized_submit_users: ", listed.error().text));
    if (!*listed)
        return refuse(ExitStatus::NoPermission,
                      base::cat("User ", name, "(", caller, ") is not allowed to submit mail"));
    return {ExitStatus::Ok, {}};
}

// What root submits belongs to the group too, so that pickup can read it.
Handed enter_queue(const Context& context)
{
    const auto& common = context.command.common();
    ::umask(077);
    if (::chdir(common.queue_directory().c_str()) != 0)
        return refuse(
            ExitStatus::TempFail,
            base::system_error(base::cat("chdir ", common.queue_directory()), errno).text);
    if (auto taken = service::take_setgid_group(common); !taken)
        return refuse(ExitStatus::TempFail, taken.error().text);
    return {ExitStatus::Ok, {}};
}

Handed failed(const Drop& drop, const base::Error& error)
{
    const bool bad = !error.temporary();
    if (drop.too_big())
        return refuse(ExitStatus::Data, error.text);
    if (drop.forbidden())
        return refuse(ExitStatus::NoPermission, error.text);
    return refuse(bad ? ExitStatus::Data : ExitStatus::TempFail, error.text);
}

void answer(const Handed& handed)
{
    (void)base::write_all(STDOUT_FILENO, submit::encode_answer(handed));
}

// Reads and stores. A caller that ends early, or that is ended, leaves nothing.
Handed take_message(Input& input, Drop& drop, bool tells)
{
    submit::StreamParser parser{drop};
    std::string room(read_size, '\0');
    while (true) {
        if (tells && drop.id() != nullptr) {
            answer({ExitStatus::Ok, *drop.id()});
            tells = false;
        }
        auto got = input.read(room);
        if (!got)
            return refuse(ExitStatus::TempFail, got.error().text);
        if (*got == 0)
            break;
        if (auto fed = parser.feed(std::string_view(room).substr(0, *got)); !fed)
            return failed(drop, fed.error());
    }
    if (!parser.complete())
        return refuse(ExitStatus::Data, std::string(no_end));
    auto id = drop.commit();
    if (!id)
        return failed(drop, id.error());
    return {ExitStatus::Ok, std::move(*id)};
}

Handed drop_message(const Context& context)
{
    if (auto allowed = check_user(context); !allowed.ok())
        return allowed;
    if (auto entered = enter_queue(context); !entered.ok())
        return entered;
    Input input; // From here on signals are held off.
    auto spool = queue::Spool::open(".", context.queue);
    if (!spool)
        return refuse(ExitStatus::TempFail, spool.error().text);
    Drop drop{spool->directories,
              base::SystemClock{}.wall(),
              {static_cast<std::uint64_t>(context.params.message_size_limit()),
               context.params.enable_long_queue_ids(), context.verp.delimiter_filter(),
               SenderRule{context.params.local_login_sender_maps(),
                          context.params.null_sender_key(), context.params.recipient_delimiter()},
               login_name()}};
    return take_message(input, drop, context.options.answer);
}

} // namespace

int run(const Context& context)
{
    const Handed result = drop_message(context);
    const auto& log = context.command.log();
    if (!result.ok() && !(context.options.answer && result.text == no_end))
        log.put(context.options.answer ? base::LogLevel::Warning : base::LogLevel::Fatal,
                base::cat("uid=", ::getuid(), ": ", result.text));
    // The message waits in maildrop when nobody can be told. That nobody listens is no news for a
    // user: the system starts, or will; that there is no such service is.
    if (result.ok())
        if (auto woken = ipc::trigger("public/" + context.params.pickup_service_name(), "W");
            !woken && woken.error().kind == base::Error::Kind::Permanent)
            log.warning(woken.error().text);
    if (context.options.answer)
        answer(result);
    return static_cast<int>(result.status);
}

} // namespace postdrop
