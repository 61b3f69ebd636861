// SPDX-License-Identifier: Apache-2.0
// Lists, counts and groups of the messages that a filter means; see run.h.
#include "tools/postqueue/ask.h"

#include <algorithm>
#include <csignal>
#include <unistd.h>

#include "lib/base/file.h"
#include "tools/postqueue/format.h"

namespace postqueue {

using ipc::qmgr::Found;
using ipc::qmgr::Wanted;
using service::ExitStatus;

namespace {

constexpr std::size_t output_chunk = 64 * 1024;

ipc::qmgr::Search question_of(const Options& options, Wanted wanted)
{
    return {search::wire_terms(options.terms), wanted,
            std::string(search::group_name(options.group_by))};
}

base::Result<void> list(const Context& context, search::Asking& asking, Output& output)
{
    const bool json = context.options.action == Action::ShowJson;
    auto format = json ? nullptr : table_format(context.params.enable_long_queue_ids());
    auto asked = asking.search(question_of(context.options, Wanted::Entries), [&](Found&& found) {
        for (const auto& message : found.entries) {
            if (json)
                append_found_json(output.text(), message);
            else
                format->add(output.text(), listed(message));
            output.more();
        }
        return output.written().ok();
    });
    if (asked && format)
        format->finish(output.text());
    return asked;
}

struct Sums {
    std::uint64_t messages = 0;
    std::uint64_t recipients = 0;
    std::uint64_t bytes = 0;
};

base::Result<Sums> count(const Context& context, search::Asking& asking)
{
    Sums sums;
    auto asked = asking.search(question_of(context.options, Wanted::Count), [&](Found&& found) {
        sums.messages += found.messages;
        sums.recipients += found.recipients;
        sums.bytes += found.bytes;
        return true;
    });
    if (!asked)
        return asked.error();
    return sums;
}

void show_count(const Context& context, const Sums& sums, std::string& to)
{
    if (context.options.json)
        base::append(to, "{\"messages\": ", sums.messages, ", \"recipients\": ", sums.recipients,
                     ", \"bytes\": ", sums.bytes, "}\n");
    else
        base::append(to, sums.messages, sums.messages == 1 ? " message, " : " messages, ",
                     sums.recipients, sums.recipients == 1 ? " recipient, " : " recipients, ",
                     sums.bytes, sums.bytes == 1 ? " byte\n" : " bytes\n");
}

base::Result<void> groups(const Context& context, search::Asking& asking, std::string& to)
{
    search::Groups sums;
    auto asked = asking.search(question_of(context.options, Wanted::Groups), [&](Found&& found) {
        for (const auto& group : found.groups)
            sums.add(group.name, {group.messages, group.recipients, group.bytes, group.oldest});
        return true;
    });
    if (asked)
        append_groups(to, sums,
                      {context.options.group_by, context.options.json, base::SystemClock{}.wall()});
    return asked;
}

int report(const Context& context, Output& output, const base::Result<void>& asked)
{
    if (asked)
        output.flush();
    if (!asked)
        return context.command.fail(ExitStatus::Software, asked.error().text);
    if (!output.written())
        return context.command.fail(ExitStatus::WriteError,
                                    base::cat("output ", output.written().error().text));
    return static_cast<int>(ExitStatus::Ok);
}

} // namespace

void Output::more()
{
    if (text_.size() >= output_chunk)
        flush();
}

void Output::flush()
{
    if (written_)
        written_ = base::write_all(STDOUT_FILENO, text_);
    text_.clear();
}

Answerer::Answerer(const Context& context)
    : qmgr_(std::make_unique<search::QmgrAsking>(
          loop_, base::cat("public/", context.params.queue_service_name())))
{
    std::signal(SIGPIPE, SIG_IGN);
}

base::Result<void> Answerer::open(const Context& context)
{
    asking_ = qmgr_.get();
    const bool up = qmgr_->connect();
    service::give_back_group();
    if (up)
        return {};
    if (::getuid() != 0)
        return base::temporary("Queue report unavailable - mail system is down");
    context.command.log().warning("Mail system is down -- accessing queue directly");
    auto spool = queue::Spool::open(".", context.queue);
    if (!spool)
        return spool.error();
    spool_.emplace(std::move(*spool));
    files_ = std::make_unique<search::FileAsking>(spool_->directories);
    asking_ = files_.get();
    return {};
}

int ask(const Context& context)
{
    Answerer answerer(context);
    if (auto opened = answerer.open(context); !opened)
        return context.command.fail(ExitStatus::Unavailable, opened.error().text);
    Output output;
    base::Result<void> asked;
    if (context.options.action == Action::Group) {
        asked = groups(context, answerer.asking(), output.text());
    } else if (context.options.action == Action::Count) {
        auto sums = count(context, answerer.asking());
        if (sums)
            show_count(context, *sums, output.text());
        else
            asked = sums.error();
    } else {
        asked = list(context, answerer.asking(), output);
    }
    return report(context, output, asked);
}

// The queue manager looks for them by itself; the count is what is there now.
int flush_matching(const Context& context)
{
    Answerer answerer(context);
    if (auto opened = answerer.open(context); !opened)
        return context.command.fail(ExitStatus::Unavailable,
                                    "Cannot flush mail queue - mail system is down");
    Output output;
    auto sums = count(context, answerer.asking());
    auto asked = sums ? base::Result<void>{} : base::Result<void>(sums.error());
    if (sums && !context.options.dry_run)
        asked = answerer.asking().flush(search::wire_terms(context.options.terms));
    if (!asked)
        return context.command.fail(ExitStatus::Unavailable,
                                    base::cat("Cannot flush mail queue - ", asked.error().text));
    const bool dry = context.options.dry_run;
    if (context.options.json)
        base::append(output.text(), "{\"action\": \"flush\", \"dry_run\": ", dry ? "true" : "false",
                     ", \"messages\": ", sums->messages, "}\n");
    else if (dry || context.options.verbose)
        base::append(output.text(),
                     dry ? "Would be tried now: " : "To be tried now: ", sums->messages,
                     sums->messages == 1 ? " message\n" : " messages\n");
    return report(context, output, asked);
}

} // namespace postqueue
