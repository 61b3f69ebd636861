// SPDX-License-Identifier: Apache-2.0
// postqueue --why: one message, or what waits for an address or a domain; see run.h.
#include "tools/postqueue/why_page.h"

#include <algorithm>

#include "lib/mail/queue_id.h"
#include "tools/postqueue/ask.h"
#include "tools/postqueue/format.h"

namespace postqueue {

using ipc::qmgr::Found;
using ipc::qmgr::Wanted;
using service::ExitStatus;

namespace {

// Of those that wait for an address or a domain, so many are explained one by one.
constexpr std::size_t explained_messages = 5;

struct Asked {
    const Options& options;
    search::Asking& asking;
    std::string& text;
    base::WallTime now = base::SystemClock{}.wall();
    bool found = false;
};

base::Result<void> why_message(Asked& asked, const std::string& id)
{
    auto message = asked.asking.explain(id);
    if (!message)
        return message.error();
    if (!message->found)
        return {};
    if (asked.options.json) {
        append_why_json(asked.text, id, *message);
    } else {
        if (asked.found)
            asked.text += '\n';
        append_why(asked.text, id, *message, asked.now);
    }
    asked.found = true;
    return {};
}

// The terms that mean what waits for a subject: an address, or a domain or next hop.
std::vector<ipc::qmgr::FilterTerm> terms_for(const std::string& subject)
{
    const bool address = subject.find('@') != std::string::npos && subject.front() != '@';
    return {{std::string(search::term_name(address ? search::TermKind::Recipient
                                                   : search::TermKind::Destination)),
             subject}};
}

// The longest waiting first.
base::Result<std::vector<std::string>>
oldest(search::Asking& asking, const ipc::qmgr::Search& question, std::uint64_t& count)
{
    std::vector<std::pair<base::WallTime, std::string>> first;
    auto searched = asking.search(question, [&](Found&& found) {
        count += found.messages;
        for (const auto& message : found.entries)
            first.emplace_back(message.arrival, message.queue_id);
        std::sort(first.begin(), first.end());
        if (first.size() > explained_messages)
            first.resize(explained_messages);
        return true;
    });
    if (!searched)
        return searched.error();
    std::vector<std::string> ids;
    for (auto& [arrival, id] : first)
        ids.push_back(std::move(id));
    return ids;
}

base::Result<void> append_reasons(Asked& asked, const ipc::qmgr::Search& question)
{
    search::Groups reasons;
    auto searched = asked.asking.search(question, [&](Found&& found) {
        for (const auto& group : found.groups)
            reasons.add(group.name, {group.messages, group.recipients, group.bytes, group.oldest});
        return true;
    });
    if (!searched)
        return searched;
    append_groups(asked.text, reasons, {search::GroupBy::Reason, false, asked.now});
    return {};
}

// An address of the domain stands for all of them.
std::string address_for(const std::string& subject)
{
    const auto at = subject.rfind('@');
    if (at != std::string::npos && at > 0)
        return subject;
    return base::cat("postmaster@", at == std::string::npos ? subject : subject.substr(at + 1));
}

base::Result<void> why_subject(Asked& asked, const std::string& subject)
{
    const ipc::qmgr::Search entries{terms_for(subject), Wanted::Entries, {}};
    std::uint64_t count = 0;
    auto ids = oldest(asked.asking, entries, count);
    if (!ids)
        return ids.error();
    if (!asked.options.json) {
        auto state = asked.asking.explain_address(address_for(subject));
        if (!state)
            return state.error();
        base::append(asked.text, queue::shown_text(subject), ": ", count,
                     count == 1 ? " message waits\n" : " messages wait\n",
                     destination_text(*state, asked.now), '\n');
    }
    if (count > 0 && !asked.options.json) {
        const ipc::qmgr::Search groups{entries.terms, Wanted::Groups, "reason"};
        if (auto reasons = append_reasons(asked, groups); !reasons)
            return reasons;
        asked.found = true;
    }
    for (const std::string& id : *ids)
        if (auto told = why_message(asked, id); !told)
            return told;
    if (!asked.options.json && count > ids->size())
        base::append(asked.text, "\n... and ", count - ids->size(), " more messages\n");
    asked.found = true;
    return {};
}

} // namespace

int why(const Context& context)
{
    Answerer answerer(context);
    if (auto opened = answerer.open(context); !opened)
        return context.command.fail(ExitStatus::Unavailable, opened.error().text);
    Output output;
    Asked asked{context.options, answerer.asking(), output.text()};
    const std::string& subject = context.options.argument;
    base::Result<void> told;
    if (mail::is_queue_id(subject))
        told = why_message(asked, subject);
    if (told && !asked.found) // A host name of letters alone may look like a queue id.
        told = why_subject(asked, subject);
    if (!told)
        return context.command.fail(ExitStatus::Software, told.error().text);
    output.flush();
    if (!output.written())
        return context.command.fail(ExitStatus::WriteError,
                                    base::cat("output ", output.written().error().text));
    return static_cast<int>(ExitStatus::Ok);
}

} // namespace postqueue
