// SPDX-License-Identifier: Apache-2.0
// Running postsuper; see run.h.
#include "tools/postsuper/run.h"

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <pwd.h>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/ipc/trigger.h"
#include "lib/queue/index.h"
#include "lib/queue/spool.h"
#include "lib/search/asking.h"
#include "tools/postsuper/actions.h"
#include "tools/postsuper/structure.h"

namespace postsuper {

using queue::Queue;
using service::ExitStatus;

namespace {

std::vector<Queue> queues_to_repair(const Options& options)
{
    if (options.queues_named)
        return options.queues;
    return {Queue::Maildrop, Queue::Incoming, Queue::Active, Queue::Deferred, Queue::Hold};
}

bool has_ids(const Options& options)
{
    return std::any_of(options.ids.begin(), options.ids.end(),
                       [](const auto& ids) { return !ids.empty(); });
}

// Files that are changed behind the index's back make it worthless.
base::Result<void> distrust_index(const Context& context)
{
    return queue::distrust_index(
        base::cat(context.command.common().data_directory(), "/", queue::index_file_name));
}

// True when files have names that the caller cannot have meant.
base::Result<bool> repair(const Context& context, queue::Directories& directories)
{
    const auto& log = context.command.log();
    const auto queues = queues_to_repair(context.options);
    if (context.options.purge) {
        const unsigned removed = purge(directories, queues, base::SystemClock{}.wall());
        if (removed > 0)
            log.info("Removed: ", removed, " temporary file", removed == 1 ? "" : "s");
    }
    if (!context.options.structure)
        return false;
    if (auto distrusted = distrust_index(context); !distrusted)
        return distrusted.error();
    const Repaired repaired = repair_structure(directories, queues);
    if (repaired.moved > 0)
        log.info("Moved to their place: ", repaired.moved,
                 repaired.moved == 1 ? " message" : " messages");
    if (repaired.renamed == 0)
        return false;
    log.info("Renamed to match the id in the file: ", repaired.renamed,
             repaired.renamed == 1 ? " message" : " messages");
    log.warning("QUEUE FILE NAMES WERE CHANGED TO MATCH THE IDS IN THE FILES");
    return true;
}

// The names are collected first: what is changed while it is looked through is seen twice.
base::Result<std::vector<mail::QueueId>> find(const Context& context, search::Asking& asking)
{
    const ipc::qmgr::Search question{
        search::wire_terms(context.options.terms), ipc::qmgr::Wanted::Ids, {}};
    std::vector<mail::QueueId> ids;
    auto found = asking.search(question, [&](ipc::qmgr::Found&& page) {
        ids.insert(ids.end(), page.ids.begin(), page.ids.end());
        return true;
    });
    if (!found)
        return found.error();
    return ids;
}

// Those that were named, on standard input too.
std::vector<mail::QueueId> named(const Options& options)
{
    std::vector<mail::QueueId> ids;
    for (const std::string& name : options.named) {
        if (name != "-") {
            ids.emplace_back(name);
            continue;
        }
        for (std::string line; std::getline(std::cin, line);)
            if (const auto words = base::split(line, " \t\r"); !words.empty())
                ids.emplace_back(words.front());
    }
    return ids;
}

base::Result<std::vector<mail::QueueId>> chosen(const Context& context,
                                                const queue::Directories& directories)
{
    if (!context.options.named.empty())
        return named(context.options);
    events::Loop loop;
    search::QmgrAsking qmgr{loop, base::cat("public/", context.services.queue_service_name())};
    search::FileAsking files{directories};
    return qmgr.connect() ? find(context, qmgr) : find(context, files);
}

base::Result<void> change_chosen(const Context& context, const queue::Directories& directories,
                                 Actions& actions)
{
    auto ids = chosen(context, directories);
    if (!ids)
        return ids.error();
    if (context.options.matching)
        return actions.run_matching(*ids);
    return actions.run_redirect(*ids, context.services.enable_long_queue_ids());
}

base::Result<void> change(const Context& context, queue::Directories& directories)
{
    events::Loop loop;
    QmgrChanger qmgr{loop, base::cat("public/", context.services.queue_service_name())};
    FileChanger files{directories};
    const bool running = qmgr.connect();
    if (!running && !context.options.dry_run)
        if (auto distrusted = distrust_index(context); !distrusted)
            return distrusted;
    Changer& changer = running ? static_cast<Changer&>(qmgr) : files;
    Actions actions{context.options, directories, changer, std::cin};
    auto ran =
        context.options.by_word() ? change_chosen(context, directories, actions) : actions.run();
    if (actions.requeued() > 0) // Otherwise pickup looks when its time comes.
        (void)ipc::trigger(base::cat("public/", context.services.pickup_service_name()), "W");
    return ran;
}

} // namespace

base::Result<void> check_caller()
{
    if (::getuid() != ::geteuid())
        return base::permanent("this command must not run as a set-uid process");
    if (::getuid() != 0)
        return base::permanent("use of this command is reserved for the superuser");
    return {};
}

int run(const Context& context)
{
    const auto& common = context.command.common();
    const passwd* owner = ::getpwnam(common.mail_owner().c_str());
    if (owner == nullptr)
        return context.command.fail(ExitStatus::Failure,
                                    base::cat("mail_owner: no such user: ", common.mail_owner()));
    auto spool = queue::Spool::open(common.queue_directory(), context.queue);
    if (!spool)
        return context.command.fail(ExitStatus::Failure, spool.error().text);
    queue::Directories& directories = spool->directories;
    if (::chdir(common.queue_directory().c_str()) != 0)
        return context.command.fail(ExitStatus::Failure,
                                    base::system_error("chdir to the queue", errno).text);
    if (context.options.structure)
        repair_owners(directories, queues_to_repair(context.options), owner->pw_uid);
    service::become_mail_owner(common);
    auto renamed = repair(context, directories);
    if (!renamed)
        return context.command.fail(ExitStatus::Failure, renamed.error().text);
    if (!has_ids(context.options) && !context.options.by_word())
        return static_cast<int>(ExitStatus::Ok);
    if (*renamed)
        return context.command.fail(ExitStatus::Failure,
                                    "CHECK YOUR QUEUE IDS AND RE-ISSUE THE COMMAND");
    if (auto changed = change(context, directories); !changed)
        return context.command.fail(ExitStatus::Failure, changed.error().text);
    return static_cast<int>(ExitStatus::Ok);
}

} // namespace postsuper
