// SPDX-License-Identifier: Apache-2.0
// Users and commands of pipe services; see pipes.h.
#include "lib/checkup/pipes.h"

#include <algorithm>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "lib/base/strings.h"

namespace checkup {

namespace {

struct Words {
    std::string user, group, program;
    bool has_argv = false;
};

Words words_of(const config::ServiceEntry& service)
{
    constexpr std::string_view user = "user=", argv = "argv=";
    Words words;
    for (const std::string& word : service.arguments) {
        if (base::istarts_with(word, argv)) {
            words.has_argv = true;
            words.program = word.substr(argv.size());
            break;
        }
        if (!base::istarts_with(word, user))
            continue;
        std::string_view rest = std::string_view(word).substr(user.size());
        words.user = base::cut(rest, ':');
        words.group = rest;
    }
    return words;
}

// What is wrong with the user of a command that is there; empty: nothing.
std::string fault_of_user(const Words& words)
{
    const passwd* user = ::getpwnam(words.user.c_str());
    if (user == nullptr)
        return base::cat("unknown username: ", words.user);
    if (user->pw_uid == 0)
        return "user= specifies root privileges";
    if (!words.group.empty() && ::getgrnam(words.group.c_str()) == nullptr)
        return base::cat("unknown group: ", words.group);
    return {};
}

std::string fault_of(const Words& words)
{
    if (words.user.empty())
        return "missing user= command-line attribute";
    if (!words.has_argv || words.program.empty())
        return "missing argv= command-line attribute";
    return ::access(words.program.c_str(), X_OK) == 0 ? fault_of_user(words) : std::string();
}

std::string outside_braces(std::string_view text)
{
    std::string out;
    int depth = 0;
    for (const char c : text) {
        depth += c == '{' ? 1 : 0;
        if (depth == 0)
            out += c;
        depth -= c == '}' && depth > 0 ? 1 : 0;
    }
    return out;
}

// Whether some answers of the tables are not in main.cf itself.
bool are_elsewhere(std::string_view tables)
{
    const std::string specs = outside_braces(tables);
    const auto words = base::split(specs, ", \t\r\n");
    return std::any_of(words.begin(), words.end(), [](std::string_view word) {
        return word.find(':') != std::string_view::npos && !word.starts_with("inline:") &&
               !word.starts_with("static:");
    });
}

bool may_name(std::string_view parameter, std::string_view value, std::string_view service)
{
    const auto words = base::split(value, ", \t\r\n{}=:");
    return std::find(words.begin(), words.end(), service) != words.end() ||
           parameter.starts_with(base::cat(service, "_")) ||
           (parameter.ends_with("transport_maps") && are_elsewhere(value));
}

bool may_name(const config::MainCf& main, std::string_view service)
{
    const auto& all = main.entries();
    return std::any_of(all.begin(), all.end(), [service](const auto& one) {
        return may_name(one.first, one.second.value, service);
    });
}

} // namespace

void check_pipes(const config::MainCf& main, const config::MasterCf& master, config::Faults& faults)
{
    for (const config::ServiceEntry& service : master.entries()) {
        if (service.command != "pipe" || !may_name(main, service.name))
            continue;
        const std::string fault = fault_of(words_of(service));
        if (!fault.empty())
            faults.push_back({.file = service.file,
                              .line = service.line,
                              .warning = true,
                              .text = base::cat("service ", service.name, ": ", fault),
                              .hint = "until it is mended or taken out, mail for it waits"});
    }
}

} // namespace checkup
