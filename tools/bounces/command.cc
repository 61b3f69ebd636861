// SPDX-License-Identifier: Apache-2.0
// postfix bounces; see command.h.
#include "tools/bounces/command.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/event/loop.h"
#include "lib/ipc/client.h"

namespace bounces {

using base::Result;
using base::Task;
namespace wire = ipc::failures;

namespace {

constexpr std::string_view usage =
    "usage: postfix bounces list [--json] [--hard] [--suppressed] [--class CLASS] "
    "[ADDRESS|DOMAIN...] | "
    "explain [--json] ADDRESS|DOMAIN... | clear ADDRESS|DOMAIN...|--all | "
    "classify [--json] [REPLY...]";

constexpr auto patience = std::chrono::seconds(30);

constexpr std::string_view verbs[] = {"list", "explain", "clear", "classify"};

void put(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
}

using Service = ipc::Client<wire::Protocol>;

struct Asking {
    const Request& request;
    Service& service;
    int status = EXIT_SUCCESS;
    std::size_t shown = 0; // Lines of the list.

    base::Deadline deadline() const { return service.loop().clock().after(patience); }
    void fail(std::string_view text)
    {
        base::Log{}.put(base::LogLevel::Fatal, text);
        status = EXIT_FAILURE;
    }
};

bool is_wanted(const Request& request, const wire::Entry& entry)
{
    const auto kind =
        entry.latest.empty() ? mail::FailureClass::None : entry.latest.back().failure.kind;
    return (!request.only_hard || entry.counts_as_hard) &&
           (!request.suppressed || entry.suppressed) && (!request.kind || kind == *request.kind);
}

bool is_of(const wire::Entry& entry, const std::string& domain)
{
    return domain.empty() || entry.subject.ends_with(base::cat("@", base::lower(domain)));
}

void show(Asking& asking, const wire::Entry& entry)
{
    if (!is_wanted(asking.request, entry))
        return;
    if (!asking.request.json && asking.shown++ == 0)
        put(list_heading());
    put(asking.request.json ? json(entry) : list_line(entry));
}

// `asking` outlives the task.
Task<void> list_domain(Asking& asking, std::string domain)
{
    wire::List question;
    question.domain = domain;
    bool more = true;
    while (more) {
        auto page = co_await asking.service.call(question, asking.deadline());
        if (!page) {
            asking.fail(page.error().text);
            co_return;
        }
        for (const auto& entry : page->entries) {
            question.after = entry.subject;
            if (is_of(entry, domain))
                show(asking, entry);
        }
        more = page->more;
    }
}

// The one entry of a subject: what follows the subject with its last byte one less.
Task<Result<std::vector<wire::Entry>>> find(Asking& asking, std::string subject)
{
    wire::List question;
    question.after = subject;
    if (!question.after.empty())
        question.after.back() = static_cast<char>(question.after.back() - 1);
    std::vector<wire::Entry> found;
    bool more = true;
    while (more) {
        auto page = co_await asking.service.call(question, asking.deadline());
        if (!page)
            co_return page.error();
        for (auto& entry : page->entries) {
            question.after = entry.subject;
            if (entry.subject == subject)
                found.push_back(std::move(entry));
        }
        more = page->more && found.empty() && question.after < subject;
    }
    co_return found;
}

std::string subject_of(const std::string& word)
{
    return wire::subject_of(word.find('@') == std::string::npos ? base::cat("@", word) : word);
}

Task<void> list(Asking& asking, std::string word)
{
    if (word.find('@') == std::string::npos) {
        co_await list_domain(asking, word);
        co_return;
    }
    auto found = co_await find(asking, subject_of(word));
    if (!found) {
        asking.fail(found.error().text);
        co_return;
    }
    for (const auto& entry : *found)
        show(asking, entry);
}

// That a domain has no entry does not mean that all is well there.
Task<void> explain_nothing(Asking& asking, std::string word)
{
    asking.status = EXIT_FAILURE;
    const std::string name = base::printable(word, true);
    wire::List question;
    question.domain = word.substr(word.rfind('@') + 1);
    auto page = co_await asking.service.call(question, asking.deadline());
    const bool is_domain = word.find('@') == std::string::npos || word.starts_with('@');
    const bool others =
        page && is_domain &&
        std::any_of(page->entries.begin(), page->entries.end(),
                    [&](const auto& entry) { return is_of(entry, question.domain); });
    std::fprintf(stderr, "postfix: nothing is known of %s%s%s\n", name.c_str(),
                 others ? " itself; for addresses there: postfix bounces list " : "",
                 others ? question.domain.c_str() : "");
}

Task<void> explain(Asking& asking, std::string word)
{
    const std::string subject = subject_of(word);
    auto found = co_await find(asking, subject);
    if (!found) {
        asking.fail(found.error().text);
        co_return;
    }
    if (found->empty())
        co_await explain_nothing(asking, word);
    for (const auto& entry : *found)
        put(asking.request.json ? json(entry) : page(entry));
}

Task<void> clear(Asking& asking, std::string word)
{
    wire::Clear command;
    command.subject = asking.request.all ? std::string() : subject_of(word);
    command.whole_domain = !asking.request.all && command.subject.starts_with('@');
    auto cleared = co_await asking.service.call(command, asking.deadline());
    if (!cleared) {
        asking.fail(cleared.error().text);
        co_return;
    }
    put(base::cat(cleared->entries, cleared->entries == 1 ? " entry" : " entries", " cleared\n"));
    if (cleared->entries == 0 && !asking.request.all)
        asking.status = EXIT_FAILURE;
}

Task<void> ask(Asking& asking)
{
    std::vector<std::string> subjects = asking.request.subjects;
    if (subjects.empty())
        subjects.emplace_back();
    for (const std::string& subject : subjects) {
        switch (asking.request.verb) {
        case Verb::List: co_await list(asking, subject); break;
        case Verb::Explain: co_await explain(asking, subject); break;
        case Verb::Clear: co_await clear(asking, subject); break;
        case Verb::Classify: break;
        }
    }
}

bool take_option(const std::string& word, Request& request)
{
    const struct {
        std::string_view name;
        bool& set;
        bool fits;
    } options[] = {
        {"--json", request.json, request.verb != Verb::Clear},
        {"--hard", request.only_hard, request.verb == Verb::List},
        {"--suppressed", request.suppressed, request.verb == Verb::List},
        {"--all", request.all, request.verb == Verb::Clear},
    };
    for (const auto& option : options)
        if (option.name == word && option.fits)
            return option.set = true;
    return false;
}

bool has_its_subjects(const Request& request)
{
    switch (request.verb) {
    case Verb::List:
    case Verb::Classify: return true;
    case Verb::Explain: return !request.subjects.empty();
    case Verb::Clear: return request.subjects.empty() == request.all;
    }
    return false;
}

} // namespace

std::string parse_words(const std::vector<std::string>& words, Request& request)
{
    const auto* verb =
        std::find(std::begin(verbs), std::end(verbs), words.empty() ? std::string() : words[0]);
    if (verb == std::end(verbs))
        return std::string(usage);
    request.verb = static_cast<Verb>(verb - std::begin(verbs));
    for (std::size_t i = 1; i < words.size(); ++i) {
        const bool is_class = words[i] == "--class" && request.verb == Verb::List;
        if (is_class)
            request.kind = mail::failure_class_of(++i < words.size() ? words[i] : "");
        else if (!words[i].starts_with("--"))
            request.subjects.push_back(words[i]);
        else if (!take_option(words[i], request))
            return std::string(usage);
        if (is_class && !request.kind)
            return std::string(usage);
    }
    return has_its_subjects(request) ? std::string() : std::string(usage);
}

int run(const Request& request)
{
    events::Loop loop;
    Service service{loop, std::string(wire::socket_path)};
    Asking asking{request, service};
    base::Scope scope;
    scope.spawn(ask(asking));
    while (!scope.empty())
        loop.turn(std::chrono::seconds(1));
    return std::fflush(stdout) == 0 ? asking.status : EXIT_FAILURE;
}

} // namespace bounces
