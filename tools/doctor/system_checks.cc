// SPDX-License-Identifier: Apache-2.0
// Checks of our own system: processes, configuration, names, greeting, queue. They connect to this
// host alone.
#include <algorithm>
#include <sys/stat.h>

#include "lib/checkup/checkup.h"
#include "lib/queue/spool.h"
#include "tools/doctor/dialogue.h"
#include "tools/doctor/listeners.h"
#include "tools/doctor/looks.h"
#include "tools/doctor/words.h"

namespace doctor {

namespace {

constexpr std::size_t told_faults = 20;
constexpr std::uint64_t counted_messages = 1'000'000; // More are told as "at least".
constexpr long long stuck_seconds = 300;

struct Census {
    std::uint64_t messages = 0;
    long long oldest = 0; // Seconds since the file of the oldest was last touched.
};

// Counts the messages of a queue; `with_age` looks at each file's time too.
base::Result<Census> count_messages(const Examination& examination, queue::Directories& directories,
                                    queue::Queue queue, bool with_age)
{
    Census census;
    auto scan = directories.scan(queue);
    while (census.messages < counted_messages) {
        auto id = scan.next();
        if (!id)
            return id.error();
        if (!*id)
            break;
        ++census.messages;
        if (!with_age)
            continue;
        struct stat about {};
        std::string path =
            base::cat(examination.common.queue_directory(), "/", directories.path(queue, **id));
        if (::stat(path.c_str(), &about) == 0)
            census.oldest =
                std::max(census.oldest, base::unix_seconds(examination.now()) - about.st_mtime);
    }
    return census;
}

std::string messages(std::uint64_t number)
{
    return base::cat(number, number == 1 ? " message" : " messages");
}

Finding judge_incoming(const Census& census, bool running)
{
    std::string text = base::cat("incoming: ", messages(census.messages));
    if (census.messages > 0 && census.oldest > stuck_seconds)
        return {Level::Problem, base::cat(text, ", the oldest for ", words_for(census.oldest)),
                running ? "the queue manager does not take them up"
                        : "the mail system is not running",
                running ? "look for warnings of qmgr in the log; qmgr_message_active_limit may be "
                          "reached"
                        : "postfix start"};
    return {Level::Ok, text};
}

Finding judge_deferred(const Census& census, std::int64_t limit)
{
    std::string text = base::cat("deferred: ", messages(census.messages));
    if (census.messages > static_cast<std::uint64_t>(limit))
        return {Level::Warning, text, "mail cannot be delivered to some destinations",
                "qshape deferred shows for which; postqueue -p shows why"};
    return {Level::Ok, text};
}

Finding judge_corrupt(const Census& census)
{
    std::string text = base::cat("corrupt: ", messages(census.messages));
    if (census.messages > 0)
        return {Level::Problem, text, "files were damaged: look at the disk and its log",
                "postcat shows what is left of each; then remove them from corrupt/"};
    return {Level::Ok, text};
}

Finding judge_held(const Census& census)
{
    std::string text = base::cat("hold: ", messages(census.messages));
    if (census.messages > 0)
        return {Level::Note, text, "somebody, or a rule, put them aside",
                "postsuper -H ID releases, postsuper -d ID removes"};
    return {Level::Ok, text};
}

Finding judge_maildrop(const Census& census, bool running)
{
    std::string text = base::cat("maildrop: ", messages(census.messages));
    if (census.messages > 0 && census.oldest > stuck_seconds)
        return {Level::Problem, base::cat(text, ", the oldest for ", words_for(census.oldest)),
                running ? "pickup does not take up what local programs sent"
                        : "the mail system is not running",
                running ? "look at the pickup line of master.cf, and for its warnings in the log"
                        : "postfix start"};
    return {Level::Ok, text};
}

Finding judge(queue::Queue queue, const Census& census, const Examination& examination)
{
    const bool running = examination.machine.master_pid.has_value();
    switch (queue) {
    case queue::Queue::Maildrop: return judge_maildrop(census, running);
    case queue::Queue::Incoming: return judge_incoming(census, running);
    case queue::Queue::Active: return {Level::Ok, base::cat("active: ", messages(census.messages))};
    case queue::Queue::Deferred: return judge_deferred(census, examination.params.deferred_limit());
    case queue::Queue::Hold: return judge_held(census);
    case queue::Queue::Corrupt: return judge_corrupt(census);
    }
    return {};
}

// What the greeting and EHLO of one listener say.
base::Task<Finding> greet(const Examination& examination, net::Address server)
{
    std::string where = base::cat(server.host(), " port ", server.port());
    auto opened =
        co_await Dialogue::open(examination.loop, server, examination.deadline(), std::nullopt);
    if (!opened)
        co_return Finding{Level::Problem,
                          base::cat("connect to ", where, ": ", opened.error().text),
                          "nobody listens there, or a packet filter is in the way",
                          "look at inet_interfaces, the smtpd lines of master.cf, and the filter"};
    Dialogue& dialogue = **opened;
    auto greeting = co_await dialogue.reply(examination.deadline());
    if (!greeting || greeting->code != 220)
        co_return Finding{
            Level::Problem,
            base::cat(where, ": ", greeting ? greeting->one_line() : greeting.error().text),
            "clients cannot hand in mail", "look for warnings of smtpd in the log"};
    std::string banner = greeting->one_line();
    co_await dialogue.quit(examination.deadline());
    auto words = base::split(banner, " ");
    const std::string& host = examination.common.myhostname();
    if (words.size() < 2 || !base::iequals(words[1], host))
        co_return Finding{Level::Warning,
                          base::cat(where, " greets with \"", banner, "\", not with ", host),
                          "RFC 5321 4.2 wants the host's name first, and some clients look",
                          "begin smtpd_banner with $myhostname ESMTP"};
    co_return Finding{Level::Ok, base::cat(where, ": ", banner)};
}

} // namespace

base::Task<void> look_at_processes(const Examination& examination, Findings& findings)
{
    const auto& pid = examination.machine.master_pid;
    if (pid)
        findings.push_back({Level::Ok, base::cat("the mail system is running: PID ", *pid)});
    else
        findings.push_back({Level::Problem, "the mail system is not running",
                            "no mail is accepted or delivered", "postfix start"});
    co_return;
}

base::Task<void> look_at_configuration(const Examination& examination, Findings& findings)
{
    config::Faults faults = checkup::check(examination.main.directory());
    for (const config::Fault& fault : faults) {
        if (findings.size() == told_faults) {
            findings.push_back({Level::Warning, base::cat(faults.size() - told_faults,
                                                          " more: postconf --check tells all")});
            break;
        }
        config::Fault bare = fault;
        bare.hint.clear();
        findings.push_back(
            {fault.warning ? Level::Warning : Level::Problem, bare.to_string(), {}, fault.hint});
    }
    if (findings.empty())
        findings.push_back({Level::Ok, "main.cf and master.cf have no faults"});
    co_return;
}

base::Task<void> look_at_names(const Examination& examination, Findings& findings)
{
    const std::string& host = examination.common.myhostname();
    if (host.find('.') == std::string::npos || base::iequals(host, "localhost.localdomain"))
        findings.push_back({Level::Problem, base::cat("myhostname is ", host),
                            "other servers refuse mail from a host without a full name",
                            "set myhostname in main.cf to the name that DNS has for this host"});
    else if (!is_public_name(host))
        findings.push_back({Level::Warning, base::cat("myhostname is ", host),
                            "the Internet does not know names below that domain",
                            "set myhostname in main.cf, unless mail stays within your network"});
    else
        findings.push_back(
            {Level::Ok, base::cat("myhostname is ", host, ", mail from here is from ",
                                  examination.common.myorigin())});
    co_return;
}

base::Task<void> look_at_greeting(const Examination& examination, Findings& findings)
{
    auto listeners = smtp_listeners(examination);
    if (!examination.machine.master_pid)
        findings.push_back({Level::Skipped, "the mail system is not running"});
    else if (listeners.empty())
        findings.push_back({Level::Note, "master.cf has no SMTP server on the network"});
    else
        for (const net::Address& listener : listeners) {
            Finding finding = co_await greet(examination, listener);
            findings.push_back(std::move(finding));
        }
}

base::Task<void> look_at_queue(const Examination& examination, Findings& findings)
{
    auto spool =
        queue::Spool::open(examination.common.queue_directory(), queue::Directories::Options{});
    if (!spool) {
        findings.push_back({Level::Problem,
                            spool.error().text,
                            {},
                            "run postfix check, which makes missing directories"});
        co_return;
    }
    constexpr queue::Queue queues[] = {queue::Queue::Maildrop, queue::Queue::Incoming,
                                       queue::Queue::Active,   queue::Queue::Deferred,
                                       queue::Queue::Hold,     queue::Queue::Corrupt};
    for (queue::Queue queue : queues) {
        const bool with_age = queue == queue::Queue::Incoming || queue == queue::Queue::Maildrop;
        auto census = count_messages(examination, spool->directories, queue, with_age);
        if (census)
            findings.push_back(judge(queue, *census, examination));
        else
            findings.push_back({Level::Skipped, census.error().text});
    }
}

} // namespace doctor
